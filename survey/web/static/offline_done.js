// After handing in nothing of an interview stays in this browser for later. What has no receipt yet stays, sealed.
(function (root) {
  "use strict";

  if (!root.indexedDB) return;
  const opening = root.indexedDB.open("krachtmeting");
  // It never was here: then nothing is to be made either.
  opening.onupgradeneeded = () => opening.transaction.abort();
  opening.onsuccess = () => {
    const database = opening.result;
    if (!database.objectStoreNames.contains("kept")) return database.close();
    const kept = database.transaction("kept", "readwrite").objectStore("kept");
    const [, token] = root.location.pathname.match(/\/response\/([^/]+)\//) || [];
    if (token) kept.delete(root.IDBKeyRange.bound([token], [token, []]));
    else kept.clear();
    kept.transaction.oncomplete = () => database.close();
    return undefined;
  };
  opening.onerror = (event) => event.preventDefault();
})(globalThis);
