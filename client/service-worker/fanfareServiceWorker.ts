/** The stand-alone service worker, built to the classic script fanfare-sw.js; also good for importScripts. */
import { attachFanfare } from './attachFanfare';
import { takeOver } from './takeOver';

declare const self: ServiceWorkerGlobalScope;

takeOver(self);
attachFanfare(self);
