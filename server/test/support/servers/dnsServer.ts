import { createSocket, type RemoteInfo } from 'node:dgram';
import { Resolver } from 'node:dns';
import { once } from 'node:events';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { ResolveAll } from '../../../src/egress/resolveAll';
import type { NameResolvers } from '../../../src/egress/resolvers';

const typeA = 1;
const typeAaaa = 28;
const flagsNoError = 0x8180;
const flagsNoSuchName = 0x8183;
/** A compression pointer to the question's name (RFC 1035 section 4.1.4). */
const questionName = Buffer.of(0xc0, 12);

/** A name server on loopback that a test tells what to answer, and that counts what it was asked. */
export interface DnsServer {
  readonly port: number;
  /** Queries seen so far, A and AAAA. */
  readonly queries: number;
  /** Answers to the A and AAAA look-ups of a name, one list a look-up; the last one stays. */
  script(name: string, ...answers: string[][]): void;
  /** Asks this server, and it only, as `dns.lookup` would ask the system. */
  readonly resolvers: NameResolvers;
  /** Does not answer the look-ups of names that end so, or only those of one kind of address. */
  ignore(suffix: string, family?: 4 | 6): void;
  /** Answers what was ignored, and ignores nothing any more. */
  answerIgnored(): void;
  close(): Promise<void>;
}

interface Question {
  readonly name: string;
  readonly type: number;
  /** The question section as it came. */
  readonly bytes: Buffer;
}

export async function startDnsServer(): Promise<DnsServer> {
  const socket = createSocket('udp4');
  const scripts = new Map<string, string[][]>();
  const ignored: { suffix: string; family: 4 | 6 | undefined }[] = [];
  const unanswered: (() => void)[] = [];
  let queries = 0;
  socket.on('message', (query: Buffer, peer: RemoteInfo) => {
    queries += 1;
    const question = readQuestion(query);
    const reply = () =>
      socket.send(answer(query, question, nextAnswer(scripts, question)), peer.port, peer.address);
    const asked = question.type === typeA ? 4 : 6;
    const isIgnored = ignored.some(
      ({ suffix, family = asked }) => family === asked && question.name.endsWith(suffix),
    );
    if (isIgnored) unanswered.push(reply);
    else reply();
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  return {
    port,
    get queries() {
      return queries;
    },
    script: (name, ...answers) => void scripts.set(name, answers),
    resolvers: forAllNames(resolveAt(port)),
    ignore: (suffix, family) => void ignored.push({ suffix, family }),
    answerIgnored: () => {
      ignored.length = 0;
      for (const reply of unanswered.splice(0)) reply();
    },
    close: async () => {
      socket.close();
      await once(socket, 'close');
    },
  };
}

/** The look-up's A query takes its answer from the script; AAAA comes second and sees the same one. */
function nextAnswer(scripts: Map<string, string[][]>, { name, type }: Question): string[] | undefined {
  const answers = scripts.get(name);
  const current = answers?.[0];
  if (type === typeAaaa && answers && answers.length > 1) answers.shift();
  const family = type === typeA ? 4 : 6;
  return current?.filter((address) => isIP(address) === family);
}

function readQuestion(query: Buffer): Question {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return {
    name: labels.join('.').toLowerCase(),
    type: query.readUInt16BE(at + 1),
    bytes: query.subarray(12, at + 5),
  };
}

function answer(query: Buffer, question: Question, addresses: string[] | undefined): Buffer {
  const head = Buffer.alloc(12);
  query.copy(head, 0, 0, 2);
  head.writeUInt16BE(addresses ? flagsNoError : flagsNoSuchName, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(addresses?.length ?? 0, 6);
  return Buffer.concat([
    head,
    question.bytes,
    ...(addresses ?? []).map((each) => record(question.type, each)),
  ]);
}

function record(type: number, address: string): Buffer {
  const data = Buffer.from(ipaddr.parse(address).toByteArray());
  const fields = Buffer.alloc(10);
  fields.writeUInt16BE(type, 0);
  fields.writeUInt16BE(1, 2);
  // TTL 0: nobody may keep it
  fields.writeUInt32BE(0, 4);
  fields.writeUInt16BE(data.length, 8);
  return Buffer.concat([questionName, fields, data]);
}

/** One way to resolve names, however they came to be allowed. */
export function forAllNames(resolve: ResolveAll): NameResolvers {
  return { exact: resolve, wildcard: resolve, unlisted: resolve };
}

function resolveAt(port: number): ResolveAll {
  const resolver = new Resolver({ timeout: 1_000, tries: 1 });
  resolver.setServers([`127.0.0.1:${port}`]);
  return (hostname, _options, callback) => {
    resolver.resolve4(hostname, (error, v4) => {
      if (error && error.code !== 'ENODATA') return callback(error, []);
      resolver.resolve6(hostname, (_error, v6) => {
        const addresses = [...(v4 ?? []), ...(v6 ?? [])];
        callback(
          null,
          addresses.map((address) => ({ address, family: isIP(address) })),
        );
      });
    });
  };
}
