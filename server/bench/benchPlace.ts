import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Certificate, createCertificate } from './certificate';
import { type Sink, startSink } from './sinkProcess';

/** What every part of a run uses: a folder for its files, and the push service. */
export interface BenchPlace {
  readonly folder: string;
  readonly certificate: Certificate;
  readonly sink: Sink;
  leave(): Promise<void>;
}

/** One POST in so many is verified and decrypted; the rest are counted. */
const verifyOneIn = 200;

export async function openBenchPlace(): Promise<BenchPlace> {
  const folder = mkdtempSync(join(tmpdir(), 'fanfare-bench-'));
  const certificate = createCertificate(folder);
  const sink = await startSink(certificate, verifyOneIn);
  return {
    ...{ folder, certificate, sink },
    leave: async () => {
      await sink.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
