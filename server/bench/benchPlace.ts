import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Certificate, createCertificate } from './certificate';
import { folderStart } from './leftovers';
import { type Sink, startSink } from './sinkProcess';
import type { UndoStack } from './undoStack';

/** What every part of a run uses: the push service, and the list of what must be taken back at the end. */
export interface BenchPlace {
  /** For files of the run. */
  readonly folder: string;
  readonly certificate: Certificate;
  readonly sink: Sink;
  readonly undo: UndoStack;
}

/** One POST in so many is verified and decrypted; the rest are counted. */
const verifyOneIn = 200;

export async function openBenchPlace(undo: UndoStack): Promise<BenchPlace> {
  const folder = mkdtempSync(join(tmpdir(), folderStart));
  await undo.add(async () => rmSync(folder, { recursive: true, force: true }));
  const certificate = createCertificate(folder);
  const sink = await startSink(certificate, verifyOneIn);
  await undo.add(sink.stop);
  return { folder, certificate, sink, undo };
}
