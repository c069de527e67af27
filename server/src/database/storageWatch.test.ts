import { StorageWatch } from './storageWatch';

const failing = (code: string) => async () => {
  throw Object.assign(new Error('words of the driver'), { code });
};

test.each([
  ['SQLITE_FULL', true],
  ['ER_DISK_FULL', true],
  ['ER_RECORD_FILE_FULL', true],
  ['SQLITE_BUSY', false],
  ['ECONNREFUSED', false],
])('after a write that fails with %s the disk counts as full: %s', async (code, isFull) => {
  const storage = new StorageWatch();
  await expect(storage.watch(failing(code))).rejects.toThrow();
  expect(storage.isFull).toBe(isFull);
});

test('a write that succeeds shows that there is room again, one that fails otherwise does not', async () => {
  const storage = new StorageWatch();
  await expect(storage.watch(failing('SQLITE_FULL'))).rejects.toThrow();
  await expect(storage.watch(failing('SQLITE_BUSY'))).rejects.toThrow();
  expect(storage.isFull).toBe(true);
  expect(await storage.watch(async () => 'written')).toBe('written');
  expect(storage.isFull).toBe(false);
});
