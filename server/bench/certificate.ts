import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** PEM files; the certificate is signed by itself, so it is also the authority to trust. */
export interface Certificate {
  readonly keyFile: string;
  readonly certFile: string;
}

/** A new certificate for these host names, valid for two days. Needs the `openssl` program. */
export function createCertificate(folder: string, hosts: readonly string[] = ['localhost']): Certificate {
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
  const alternatives = hosts.map((host) => `DNS:${host}`).join(',');
  const names = ['-subj', `/CN=${hosts[0]}`, '-addext', `subjectAltName=${alternatives}`];
  execFileSync('openssl', [...request, ...names, '-keyout', keyFile, '-out', certFile], { stdio: 'pipe' });
  return { keyFile, certFile };
}
