/** What the types must not let pass. */
import { createFanfare } from '@fanfare/client';

createFanfare({ url: 4000, key: 'fp_test' });
