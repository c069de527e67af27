// Loaded into a process with NODE_OPTIONS: kills it when it encrypts for the subscription whose `auth` is in the file.
const crypto = require('node:crypto');
const { existsSync, readFileSync } = require('node:fs');

const { createHmac } = crypto;
const file = process.env.POISON_FILE;

crypto.createHmac = (algorithm, key, ...rest) => {
  const isAuth = file && Buffer.isBuffer(key) && key.length === 16 && existsSync(file);
  if (isAuth && key.toString('base64url') === readFileSync(file, 'utf8'))
    process.kill(process.pid, 'SIGKILL');
  return createHmac(algorithm, key, ...rest);
};
