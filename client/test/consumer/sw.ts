/** An app's own service worker, with Fanfare in it. */
import { attachFanfare } from '@fanfare/client/service-worker';

declare const self: ServiceWorkerGlobalScope;

attachFanfare(self);
