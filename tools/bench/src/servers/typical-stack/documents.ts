/** Stands for the database: what each path and query shows. Read once, as the cache answers from then on. */
export type Documents = Readonly<Record<string, object>>;

export const DOCUMENTS = Symbol('DOCUMENTS');
