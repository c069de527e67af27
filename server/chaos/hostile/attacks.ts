import { pipelining, silence, slowReading } from './connections';
import { expensiveDocuments, regexBombing, rotatingAddresses } from './documents';
import { anonymousSockets, mutedSockets, pingFlood } from './sockets';
import type { Target } from './target';

/** What somebody without a key does to an API; each is bounded in count and ends by itself. */
export const attacks: Readonly<Record<string, (target: Target) => Promise<void>>> = {
  'documents: slow expressions': regexBombing,
  'documents: expensive ones': expensiveDocuments,
  'addresses: 500 requests a second from as many networks': rotatingAddresses,
  'files: 2,000 pipelined GETs, and leaving': pipelining,
  'files: 100 readers who do not read': slowReading,
  'connections: 2,000 that send nothing': silence,
  'sockets: 2,000 without a key': anonymousSockets,
  'sockets: 2,000 without connection_init': mutedSockets,
  'sockets: 50,000 pings a second': pingFlood,
};
