// The few operations on IndexedDB that the queue needs, as promises.

/** A database with one store, whose rows have a `key` and, as an index, what `index` names. */
export type DatabaseShape = { readonly name: string; readonly store: string; readonly index: string };

export type Connection = {
  /** The transaction's store is passed to `action`; resolves when what it did is committed. */
  write<Value>(
    durability: IDBTransactionDurability,
    action: (store: IDBObjectStore) => Value | Promise<Value>,
  ): Promise<Value>;
  close(): Promise<void>;
};

/** A connection that is made when it is needed, and again where the browser has closed it. */
export function createConnection(factory: IDBFactory, shape: DatabaseShape): Connection {
  let opening: Promise<IDBDatabase> | null = null;
  const forget = (): void => {
    opening = null;
  };
  const open = (): Promise<IDBDatabase> => {
    if (opening === null) {
      opening = openDatabase(factory, shape, forget);
      opening.catch(forget);
    }
    return opening;
  };
  return {
    write: async (durability, action) => {
      const transaction = (await open()).transaction(shape.store, 'readwrite', { durability });
      const [value] = await Promise.all([action(transaction.objectStore(shape.store)), committed(transaction)]);
      return value;
    },
    close: async () => {
      if (opening !== null) (await opening).close();
      forget();
    },
  };
}

export function resultOf<Value>(request: IDBRequest<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(errorOf(request.error));
  });
}

/** The different values of an index. */
export function valuesOf(index: IDBIndex): Promise<readonly IDBValidKey[]> {
  return new Promise((resolve, reject) => {
    const values: IDBValidKey[] = [];
    const request = index.openKeyCursor(null, 'nextunique');
    request.onsuccess = () => {
      const cursor = request.result;
      if (cursor === null) {
        resolve(values);
      } else {
        values.push(cursor.key);
        cursor.continue();
      }
    };
    request.onerror = () => reject(errorOf(request.error));
  });
}

function openDatabase(
  factory: IDBFactory,
  { name, store, index }: DatabaseShape,
  onClose: () => void,
): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = factory.open(name, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(store, { keyPath: 'key' }).createIndex(index, index);
    };
    request.onsuccess = () => {
      const database = request.result;
      database.onclose = onClose;
      // who wants to delete the database must not wait for this page
      database.onversionchange = () => {
        database.close();
        onClose();
      };
      resolve(database);
    };
    request.onerror = () => reject(errorOf(request.error));
  });
}

function committed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(errorOf(transaction.error));
  });
}

function errorOf(error: DOMException | null): Error {
  return error ?? new Error('the transaction was aborted');
}
