import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TestCertificate {
  readonly key: Buffer;
  /** Signed by itself: also the CA to trust. */
  readonly cert: Buffer;
}

/** A new certificate for the given host names, valid for two days. */
export function createTestCertificate(...hosts: string[]): TestCertificate {
  const directory = mkdtempSync(join(tmpdir(), 'fanfare-tls-'));
  const keyFile = join(directory, 'key.pem');
  const certFile = join(directory, 'cert.pem');
  const names = hosts.map((host) => `DNS:${host}`).join(',');
  try {
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
        ...[
          '-keyout',
          keyFile,
          '-out',
          certFile,
          '-subj',
          `/CN=${hosts[0]}`,
          '-addext',
          `subjectAltName=${names}`,
        ],
      ],
      { stdio: 'pipe' },
    );
    return { key: readFileSync(keyFile), cert: readFileSync(certFile) };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
