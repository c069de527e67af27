import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** PEM files; the certificate is signed by itself, so it is also the authority to trust. */
export interface Certificate {
  readonly keyFile: string;
  readonly certFile: string;
}

/** A new certificate for `localhost`, valid for two days. Needs the `openssl` program. */
export function createCertificate(folder: string): Certificate {
  const keyFile = join(folder, 'sink-key.pem');
  const certFile = join(folder, 'sink-cert.pem');
  const request = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-days',
    '2',
  ];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  execFileSync('openssl', [...request, ...names, '-keyout', keyFile, '-out', certFile], { stdio: 'pipe' });
  return { keyFile, certFile };
}
