/** Every connection to MySQL uses TLS when it is asked for, and none is made to a server that cannot prove its name. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { claimMysqlDatabase } from '../../../src/database/mysql/claimMysqlDatabase';
import { openDatabase } from '../../../src/database/openDatabase';
import { describeWith } from '../../support/engines/available';
import { MariadbNode } from '../../support/servers/mariadbNode';
import { createTestCertificate } from '../../support/servers/testCertificate';

describeWith('mariadbd', 'TLS to the database', () => {
  let folder: string;
  let node: MariadbNode;

  /** A certificate and its key as files, and the server's settings that name them. */
  const certificate = (host: string) => {
    const { key, cert } = createTestCertificate(host);
    const files = { cert: join(folder, `${host}.pem`), key: join(folder, `${host}.key`) };
    writeFileSync(files.cert, cert);
    writeFileSync(files.key, key);
    return { file: files.cert, settings: [`--ssl-cert=${files.cert}`, `--ssl-key=${files.key}`] };
  };
  const target = (caFile: string | undefined, query = '') => ({
    ...{ kind: 'mysql' as const, caFile },
    url: `mysql://tls_only:secret@localhost:${node.port}/fanfare${query}`,
  });
  const open = async (...given: Parameters<typeof target>) =>
    (await openDatabase(target(...given))).close().then(() => 'opened');
  const claim = async (...given: Parameters<typeof target>) =>
    (await claimMysqlDatabase(target(...given)))?.release().then(() => 'claimed');

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'fanfare-mysql-tls-'));
    node = await MariadbNode.start(...certificate('localhost').settings);
    const root = await createConnection(node.url('mysql'));
    await root.query('CREATE DATABASE fanfare');
    // whoever comes without TLS is refused by the server
    await root.query("CREATE USER tls_only IDENTIFIED BY 'secret' REQUIRE SSL");
    await root.query('GRANT ALL ON fanfare.* TO tls_only');
    await root.query('CREATE USER anyhow');
    await root.query('GRANT ALL ON fanfare.* TO anyhow');
    await root.end();
  });

  afterAll(async () => {
    await node?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  test('the pool, migrations, locks and the claim all use it', async () => {
    const caFile = join(folder, 'localhost.pem');
    const held = await claimMysqlDatabase(target(caFile));
    const database = await openDatabase(target(caFile, '?ssl=required'));
    try {
      await database.exclusively(() => database.migrate());
      const ciphers = await Promise.all(
        [1, 2, 3].map(() => database.sql.rows<{ Value: string }>("SHOW STATUS LIKE 'Ssl_cipher'")),
      );
      expect(ciphers.map(([row]) => row?.Value)).toEqual([1, 2, 3].map(() => expect.stringMatching(/^TLS/)));
      const applications = await database.transaction(({ sql }) =>
        sql.rows('SELECT COUNT(*) AS n FROM application'),
      );
      expect(applications).toEqual([{ n: 0 }]);
    } finally {
      await database.close();
      await held?.release();
    }
    expect(held).toBeDefined();
  });

  test('an authority that is not trusted is refused, by the pool and by the claim', async () => {
    const other = certificate('other.example').file;
    await expect(open(other)).rejects.toMatchObject({ code: 'HANDSHAKE_SSL_ERROR' });
    await expect(claim(other)).rejects.toMatchObject({ code: 'HANDSHAKE_SSL_ERROR' });
    await expect(open(undefined, '?ssl=required')).rejects.toMatchObject({ code: 'HANDSHAKE_SSL_ERROR' });
    await expect(open(undefined)).rejects.toMatchObject({ code: 'ER_ACCESS_DENIED_ERROR' });
  });

  test('a certificate for another name is refused', async () => {
    const elsewhere = certificate('elsewhere.example');
    await node.restartWith(...elsewhere.settings);
    await expect(open(elsewhere.file)).rejects.toMatchObject({ code: 'HANDSHAKE_SSL_ERROR' });
    await expect(claim(elsewhere.file)).rejects.toMatchObject({ code: 'HANDSHAKE_SSL_ERROR' });
  });

  test('a server without TLS is refused when it is required, before the password is sent', async () => {
    await node.restartWith('--skip-ssl');
    const caFile = join(folder, 'localhost.pem');
    const offers = [
      open(caFile),
      open(undefined, '?ssl=required'),
      claim(caFile),
      claim(undefined, '?ssl=required'),
    ];
    for (const offer of await Promise.allSettled(offers)) {
      expect(offer).toMatchObject({ reason: { code: 'HANDSHAKE_NO_SSL_SUPPORT' } });
    }
  });
});
