import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import net, { isIP, type LookupFunction } from 'node:net';

/*
 * Loaded into the processes of a run before Fanfare (`node --require`): the network that they see. The names in
 * CHAOS_NETWORK have a public address, all others do not exist, and a connection to one of these names ends at a port of
 * this machine. Fanfare is unchanged: its guard checks a public address, as it does for the real hosts. Nothing leaves
 * the machine.
 */

/** A name, or `*.` and a zone, and the port on loopback that answers for it. */
const ports = Object.entries(JSON.parse(process.env.CHAOS_NETWORK ?? '{}') as Record<string, number>);
/** Public, so that the guard lets it pass; no connection is made to it. */
const publicAddress = '1.1.1.1';
/** A resolver is usually a few milliseconds away. */
const answerAfterMs = 10;

type Callback = (error: NodeJS.ErrnoException | null, ...rest: unknown[]) => void;

function portOf(name: string): number | undefined {
  const matches = (pattern: string) =>
    pattern.startsWith('*.') ? name.endsWith(pattern.slice(1)) : pattern === name;
  return ports.find(([pattern]) => matches(pattern))?.[1];
}

function isLocal(name: string): boolean {
  return name === 'localhost' || isIP(name) !== 0;
}

function failure(code: string, name: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`query ${code} ${name}`), { code, hostname: name });
}

/** The addresses of one family. Rejects as the resolver does. */
async function addressesOf(name: string, family: 4 | 6): Promise<string[]> {
  await new Promise((resolve) => setTimeout(resolve, answerAfterMs));
  if (portOf(name.toLowerCase()) === undefined) throw failure('ENOTFOUND', name);
  if (family === 6) throw failure('ENODATA', name);
  return [publicAddress];
}

const systemLookup = dns.lookup as unknown as (...args: unknown[]) => unknown;

function lookup(name: string, ...rest: unknown[]): unknown {
  if (isLocal(name)) return systemLookup(name, ...rest);
  const callback = rest.at(-1) as Callback;
  const [options] = rest;
  const wantsAll =
    typeof options === 'object' && options !== null && 'all' in options && options.all === true;
  void addressesOf(name, 4).then(
    ([address]) => (wantsAll ? callback(null, [{ address, family: 4 }]) : callback(null, address, 4)),
    (error: NodeJS.ErrnoException) => callback(error),
  );
  return undefined;
}

/** `resolve4`, `resolve6` and the like, which call back. */
function resolving(family: 4 | 6) {
  return (name: string, ...rest: unknown[]): void => {
    const callback = rest.at(-1) as Callback;
    addressesOf(name, family).then((addresses) => callback(null, addresses), callback);
  };
}

const resolvers = { resolve4: resolving(4), resolve6: resolving(6) };
const promised = {
  resolve4: (name: string) => addressesOf(name, 4),
  resolve6: (name: string) => addressesOf(name, 6),
};
Object.assign(dns, { lookup }, resolvers);
Object.assign(dns.Resolver.prototype, resolvers);
Object.assign(dns.promises, promised);
Object.assign(dns.promises.Resolver.prototype, promised);
syncBuiltinESMExports();

/** Asks as before, guard and all, and then goes to this machine. */
function toLoopback(asked: LookupFunction): LookupFunction {
  return (name, options, callback) => {
    asked(name, options, (error) => {
      if (error) callback(error, '', 0);
      else if (options.all) callback(null, [{ address: '127.0.0.1', family: 4 }]);
      else callback(null, '127.0.0.1', 4);
    });
  };
}

function redirected(options: net.TcpNetConnectOpts): net.TcpNetConnectOpts {
  const port = portOf(options.host ?? '');
  if (port === undefined) return options;
  const asked = options.lookup ?? (lookup as unknown as LookupFunction);
  return { ...options, port, lookup: toLoopback(asked) };
}

const connect = net.Socket.prototype.connect as (this: net.Socket, ...args: unknown[]) => net.Socket;

net.Socket.prototype.connect = function (this: net.Socket, ...args: unknown[]): net.Socket {
  const [first, ...rest] = args;
  // node hands its own normalised arguments on as a list
  if (Array.isArray(first)) first[0] = redirected(first[0] as net.TcpNetConnectOpts);
  else if (typeof first === 'object') {
    return connect.call(this, redirected(first as net.TcpNetConnectOpts), ...rest);
  }
  return connect.apply(this, args);
};
