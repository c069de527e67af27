import { connect } from 'node:net';

/** A browser's request for a WebSocket, as it travels. */
export function upgradeTo(path: string, host = 'localhost'): string {
  return [
    ...[`GET ${path} HTTP/1.1`, `Host: ${host}`, 'Connection: Upgrade', 'Upgrade: websocket'],
    ...['Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', '', ''],
  ].join('\r\n');
}

/** The status of a GET on this machine that names the host as it likes, which fetch does not. */
export function rawStatus(
  port: number,
  path: string,
  host: string,
  { upgrade = false, version = '1.1' } = {},
): Promise<number> {
  const request = upgrade
    ? upgradeTo(path, host)
    : `GET ${path} HTTP/${version}\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(request));
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1])));
  });
}
