/** Words that stand alone at the head of a statement: what follows them is no longer its kind. */
const single = new Set(['SELECT', 'WITH', 'VALUES', 'SET', 'RESET', 'USE', 'EXPLAIN', 'DESCRIBE', 'DESC', 'HELP', 'QUIT', 'CALL', 'FROM', 'TABLE', 'DECLARE'])

const heads = new Set(
  (
    'ADD ALTER ANALYZE AND ARCHIVE BEGIN CACHE CATALOG CATALOGS CLEAR CLUSTER COLUMNS COMPILE CONNECTION CREATE CURRENT DATABASE DATABASES DELETE DROP EXECUTE EXTERNAL ' +
    'FILE FILES FROM FULL FUNCTION FUNCTIONS GLOBAL IMMEDIATE INSERT INTO JAR JARS JOB JOBS LAZY LOAD DATA LOCAL MATERIALIZED MERGE MODEL MODELS MODULE MODULES MSCK OR OVERWRITE PARTITIONS ' +
    'PLAN PROCEDURE PROCEDURES REFRESH REMOVE REPAIR REPLACE SCHEMA SCHEMAS SET SHOW STATEMENT STOP SYSTEM TABLE TABLES TEMP TEMPORARY TRUNCATE UNCACHE UNLOAD UPDATE USER VARIABLE VIEW VIEWS'
  ).split(' '),
)

/** First keywords of a statement in upper case, such as `CREATE TEMPORARY VIEW`, `INSERT INTO`, `EXECUTE STATEMENT SET`, `SELECT`. */
export function statementKind(words: readonly string[]): string {
  const upper = words.map((word) => word.toUpperCase())
  const first = upper[0]
  if (first === undefined) return ''
  if (single.has(first) || !heads.has(first)) return first
  const kind = [first]
  for (const word of upper.slice(1)) {
    if (!heads.has(word)) break
    kind.push(word)
    if (word === 'SET' || word === 'INTO' || word === 'PLAN' || word === 'OVERWRITE') break
  }
  return kind.join(' ')
}
