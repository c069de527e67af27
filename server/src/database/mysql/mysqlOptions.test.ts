import { mysqlOptions, readMysqlUrl } from './mysqlOptions';

test.each([
  ['mysql://root@127.0.0.1/fanfare', { host: '127.0.0.1', port: 3306, user: 'root', password: '' }],
  ['mysql://a%40b:p%23%25w@db.example:3307/fanfare', { port: 3307, user: 'a@b', password: 'p#%w' }],
  ['mysql://root:pw@[::1]:3306/fanfare', { host: '::1', user: 'root', password: 'pw' }],
])('%s is read in full', (url, expected) => {
  expect(mysqlOptions({ kind: 'mysql', url })).toMatchObject({
    ...{ database: 'fanfare', ssl: undefined, ...expected },
  });
});

test('TLS always checks the certificate and the name of the server', () => {
  const url = 'mysql://root@db.example/fanfare';
  const checked = { rejectUnauthorized: true, verifyIdentity: true, minVersion: 'TLSv1.2' };
  expect(mysqlOptions({ kind: 'mysql', url: `${url}?ssl=required` }).ssl).toMatchObject(checked);
  expect(mysqlOptions({ kind: 'mysql', url, caFile: __filename }).ssl).toMatchObject(checked);
});

test.each([
  ['mysql://root@db/fanfare?ssl=true', 'a value for ssl other than'],
  ['mysql://root@db/fanfare?ssl={"rejectUnauthorized":false}', 'a value for ssl other than'],
  ['mysql://root@db/fanfare?ssl-mode=REQUIRED', '"ssl-mode"'],
  ['mysql://root@db/fanfare?ssl=required&sslmode=require', '"sslmode"'],
  ['mysql://root@db/fanfare?connectionLimit=5', '"connectionLimit"'],
  ['mysql://root:a#b@db/fanfare', 'must be'],
  ['mysql://root@db/fan#fare', '#'],
  ['mysql://root:100%@db/fanfare', '%25'],
  ['mysql://root@db', 'must be'],
  ['mysql:///fanfare', 'must be'],
])('%s is refused', (url, reason) => {
  expect(() => readMysqlUrl(url)).toThrow(reason);
});
