/** For a page of the worker's origin: resolves to the tokens of the receipts that wait in this browser. */
export const readKeptReceipts = `new Promise((done, fail) => {
  const opening = indexedDB.open('fanfare-receipts', 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore('receipts', { keyPath: 'id' });
  opening.onerror = () => fail(opening.error);
  opening.onsuccess = () => {
    const all = opening.result.transaction('receipts').objectStore('receipts').getAll();
    all.onerror = () => fail(all.error);
    all.onsuccess = () => { opening.result.close(); done(all.result.map(({ token }) => token)); };
  };
})`;
