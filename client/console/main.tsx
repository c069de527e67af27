/**
 * The console: an operator signs in with a secret key, then sees and steers everything that key may. What enters are
 * answers of /graphql; what leaves are its mutations. Without a valid key it shows nothing but the way in. Called by
 * people; served by the API process at /console/.
 */
import '@mantine/core/styles.layer.css';
import './console.css';
import { createRoot } from 'react-dom/client';
import { ConsoleApp } from './ConsoleApp';

createRoot(document.getElementById('app') as HTMLElement).render(<ConsoleApp />);
