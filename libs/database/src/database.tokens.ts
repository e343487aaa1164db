/** The `pg` pool that TypeORM uses, for hot reads in plain SQL. */
export const PG_POOL = Symbol('PG_POOL');

export const DATABASE_OPTIONS = Symbol('DATABASE_OPTIONS');
