/** Statements of the house's own jobs, which come and go while a test counts what a request does. */
export const isOfAJob = (sql: string): boolean =>
  /\b(?:FROM (?:change|change_counter|mail|move)|directory_copy|directory_copy_state|login_event|login_hour|SET first_used_at|SET last_used_at|loginOfToken)\b/.test(
    sql,
  );
