import { columns } from './layout.ts'

/*
  All 15 indicators as DuckDB SQL over the layout of layout.ts, by the rules of docs/domain.md, section indicators. It may take for granted what holds for
  synthetic sets and what the job it is compared with may not: one gateway meter an area, never replaced, users' CT 1, one metering point a user.
*/

const list = (of: (name: string, k: number) => string, separator = ', '): string => columns.map((name, k) => of(name, k)).join(separator)
const candidatePoints = `unnest([${list((name) => name)}]) AS v, unnest(range(96))::SMALLINT AS k`

/** Runs of at least `minimum` consecutive points of `source` (area, t) under a condition. */
function runs(name: string, condition: string, minimum: number): string {
  return `CREATE TEMP TABLE ${name} AS
    SELECT area, count(*) AS n, sum(length) AS points, max(length) AS longest, min(first_t) AS any_t, list(struct_pack(a := first_t // 96, b := last_t // 96)) AS spans
    FROM (SELECT area, count(*) AS length, min(t) AS first_t, max(t) AS last_t FROM (SELECT area, t, t - row_number() OVER (PARTITION BY area ORDER BY t) AS island FROM load WHERE ${condition}) GROUP BY area, island HAVING count(*) >= ${minimum})
    GROUP BY area`
}

/** At most two missing points between two valid ones of a day. */
function filled(name: string): string {
  const at = (offset: number): string => (offset < 0 ? `lag(${name}, ${-offset}) OVER day_order` : `lead(${name}, ${offset}) OVER day_order`)
  return `CASE WHEN ${name} IS NOT NULL THEN ${name} WHEN ${at(-1)} IS NOT NULL AND ${at(1)} IS NOT NULL THEN (${at(-1)} + ${at(1)}) / 2.0
    WHEN ${at(-1)} IS NOT NULL AND ${at(2)} IS NOT NULL THEN (2 * ${at(-1)} + ${at(2)}) / 3.0 WHEN ${at(-2)} IS NOT NULL AND ${at(1)} IS NOT NULL THEN (${at(-2)} + 2 * ${at(1)}) / 3.0 END`
}

/** The statements in order; the last one leaves the table `result`. `days` of the window. */
export function rivalStatements(days: number): readonly string[] {
  const end = days * 96
  const mask = (k: number): string => `${k} >= first_k AND ${k} < end_k`
  return [
    // ── archive: which meter counts for which user and area on which whole days, and the days on which it was put in or taken out
    `CREATE TEMP TABLE stay AS
      WITH segment AS (SELECT meter, customer, area, three_phase, coalesce(greatest(0, ceil(from_minute / 15.0)), 0)::INTEGER AS first_t, coalesce(least(${end}, ceil(to_minute / 15.0)), ${end})::INTEGER AS end_t FROM meter WHERE role = 'USER'),
      belongs AS (SELECT customer, area, coalesce(from_day, 0) AS from_day, coalesce(to_day, ${days}) AS to_day FROM membership
        UNION ALL SELECT DISTINCT customer, area, 0, ${days} FROM meter WHERE role = 'USER' AND customer NOT IN (SELECT customer FROM membership))
      SELECT meter, customer, b.area, three_phase, first_t, end_t, greatest(b.from_day, ceil(first_t / 96.0))::SMALLINT AS from_day, least(b.to_day, end_t // 96)::SMALLINT AS to_day, b.from_day AS member_from, b.to_day AS member_to FROM segment JOIN belongs AS b USING (customer)`,
    `CREATE TEMP TABLE part AS
      SELECT meter, customer, area, three_phase, (first_t // 96)::SMALLINT AS day, first_t % 96 AS first_k, CASE WHEN end_t // 96 = first_t // 96 THEN end_t % 96 ELSE 96 END AS end_k FROM stay WHERE first_t % 96 > 0 AND first_t // 96 >= member_from AND first_t // 96 < member_to
      UNION ALL SELECT meter, customer, area, three_phase, (end_t // 96)::SMALLINT, 0, end_t % 96 FROM stay WHERE end_t % 96 > 0 AND end_t // 96 >= member_from AND end_t // 96 < member_to AND NOT (first_t % 96 > 0 AND first_t // 96 = end_t // 96)`,
    ...['active', 'reactive'].map(
      (kind) => `CREATE TEMP TABLE ${kind}_part AS SELECT area, customer, any_value(three_phase) AS three_phase, day, (${list((name) => `(max(${name}) IS NOT NULL)::INT`, ' + ')})::SMALLINT AS valid, ${list((name) => `max(${name}) AS ${name}`)}
        FROM (SELECT area, customer, three_phase, day, ${list((name, k) => `CASE WHEN ${mask(k)} THEN ${name} END AS ${name}`)} FROM ${kind} JOIN part USING (meter, day)) GROUP BY area, customer, day`,
    ),
    ...['active', 'reactive'].map(
      (kind) => `CREATE OR REPLACE TEMP VIEW ${kind}_day AS
        SELECT area, customer, three_phase, day, valid, ${columns.join(', ')} FROM ${kind} JOIN stay USING (meter) WHERE day >= from_day AND day < to_day UNION ALL BY NAME SELECT * FROM ${kind}_part`,
    ),
    // ── users: largest load of a day and of the window (I13), sums by area and day (I13, days without a gateway)
    `CREATE TEMP TABLE user_day AS SELECT area, customer, three_phase, day, greatest(${columns.join(', ')}) AS most FROM active_day`,
    `CREATE TEMP TABLE user_most AS SELECT area, customer, greatest(max(most), 0)::DOUBLE / 1000 AS most FROM user_day WHERE most IS NOT NULL GROUP BY area, customer`,
    `CREATE TEMP TABLE user_sum AS SELECT area, sum(most) AS sum_of_max, count(*) AS users FROM user_most GROUP BY area`,
    `CREATE TEMP TABLE member_day AS SELECT area, day::SMALLINT AS day, count(*) AS members, count(*) FILTER (with_data) AS with_data
      FROM (SELECT area, with_data, unnest(range(member_from, member_to)) AS day FROM (SELECT DISTINCT area, customer, most IS NOT NULL AS with_data, member_from, member_to FROM stay LEFT JOIN user_most USING (area, customer))) GROUP BY area, day`,
    `CREATE TEMP TABLE day_sum AS SELECT area, day, count(*) AS total, ${list((name) => `sum(greatest(${name}, 0)::INTEGER)::BIGINT AS ${name}`)} FROM active_day GROUP BY area, day`,
    `CREATE TEMP TABLE day_gap AS SELECT area, day, ${list((name) => `count(*) - count(${name}) AS ${name}`)} FROM active_day WHERE valid < 96 GROUP BY area, day`,
    `CREATE TEMP TABLE coincident AS SELECT area, max(greatest(${list((name) => `CASE WHEN (total - coalesce(g.${name}, 0)) * 10 >= with_data * 9 AND total > coalesce(g.${name}, 0) THEN s.${name}::DOUBLE * with_data / (total - coalesce(g.${name}, 0)) END`)})) / 1000 AS kw
      FROM day_sum AS s LEFT JOIN day_gap AS g USING (area, day) JOIN member_day USING (area, day) GROUP BY area`,
    // ── I11: only days that can hold such a point are taken apart
    `CREATE TEMP TABLE reactive_most AS SELECT area, customer, day, greatest(${list((name) => `abs(${name})`)}) AS most FROM reactive_day`,
    `CREATE TEMP TABLE over_day AS SELECT u.area, u.customer, u.day, contract_kva FROM user_day AS u JOIN customer USING (customer) LEFT JOIN reactive_most AS r ON r.area = u.area AND r.customer = u.customer AND r.day = u.day
      WHERE contract_kva > 0 AND u.most > 0 AND (u.most > contract_kva * 1045 OR u.most::DOUBLE ^ 2 + coalesce(r.most, 0)::DOUBLE ^ 2 > (contract_kva * 1100) ^ 2)`,
    `CREATE TEMP TABLE over_point AS
      WITH p AS (SELECT area, customer, day, contract_kva, ${candidatePoints} FROM active_day SEMI JOIN over_day USING (area, customer, day) JOIN customer USING (customer)),
      q AS (SELECT area, customer, day, ${candidatePoints} FROM reactive_day SEMI JOIN over_day USING (area, customer, day))
      SELECT area, customer, day::INTEGER * 96 + k AS t, CASE WHEN q.v IS NULL THEN p.v / 0.95 ELSE sqrt(p.v::DOUBLE ^ 2 + q.v::DOUBLE ^ 2) END / contract_kva / 1000 AS ratio
      FROM p LEFT JOIN q USING (area, customer, day, k)
      WHERE p.v > 0 AND CASE WHEN q.v IS NULL THEN p.v > contract_kva * 1045 ELSE p.v::BIGINT * p.v + q.v::BIGINT * q.v > (contract_kva * 1100) ^ 2 END`,
    `CREATE TEMP TABLE over_user AS SELECT area, customer, max(ratio) AS ratio FROM (
      SELECT area, customer, max(ratio) AS ratio, count(*) AS length FROM (SELECT area, customer, ratio, t - row_number() OVER (PARTITION BY area, customer ORDER BY t) AS island FROM over_point) GROUP BY area, customer, island) WHERE length >= 2 GROUP BY area, customer`,
    // ── I09, I10: a day wholly inside the limits is recognised by its extremes, any other is counted point by point
    `CREATE TEMP TABLE voltage_day AS
      WITH extreme AS (SELECT *, least(${columns.join(', ')}) AS lowest, greatest(${columns.join(', ')}) AS highest, CASE WHEN three_phase THEN 20460 ELSE 19800 END AS lower FROM voltage JOIN stay USING (meter) WHERE day >= from_day AND day < to_day)
      SELECT area, customer, phase, day,
        CASE WHEN lowest >= 15400 AND highest <= 26400 THEN 96 ELSE ${list((name) => `(${name} BETWEEN 15400 AND 26400)::TINYINT`, ' + ')} END AS inside,
        CASE WHEN highest <= 23540 THEN 0 ELSE ${list((name) => `(${name} > 23540 AND ${name} <= 26400)::TINYINT`, ' + ')} END AS high,
        CASE WHEN lowest >= lower THEN 0 ELSE ${list((name) => `(${name} >= 15400 AND ${name} < lower)::TINYINT`, ' + ')} END AS low
      FROM extreme`,
    `CREATE TEMP TABLE voltage_part AS SELECT area, customer, phase, day, k, v, CASE WHEN three_phase THEN 20460 ELSE 19800 END AS lower FROM (SELECT area, customer, three_phase, phase, day, first_k, end_k, ${candidatePoints} FROM voltage JOIN part USING (meter, day)) WHERE k >= first_k AND k < end_k`,
    `CREATE TEMP TABLE low_point AS
      SELECT area, customer, phase, day::INTEGER * 96 + k AS t FROM (SELECT d.area, d.customer, d.phase, d.day, s.three_phase, ${candidatePoints} FROM voltage JOIN stay AS s USING (meter) JOIN (SELECT * FROM voltage_day WHERE low > 0) AS d ON d.area = s.area AND d.customer = s.customer AND d.phase = voltage.phase AND d.day = voltage.day WHERE voltage.day >= s.from_day AND voltage.day < s.to_day)
      WHERE v >= 15400 AND v < CASE WHEN three_phase THEN 20460 ELSE 19800 END
      UNION ALL SELECT area, customer, phase, day::INTEGER * 96 + k FROM voltage_part WHERE v >= 15400 AND v < lower`,
    `CREATE TEMP TABLE low_user AS SELECT area, customer FROM (SELECT area, customer, phase, t - row_number() OVER (PARTITION BY area, customer, phase ORDER BY t) AS island FROM low_point) GROUP BY area, customer, phase, island HAVING count(*) >= 4`,
    `CREATE TEMP TABLE voltage_area AS SELECT area, sum(inside) AS inside, sum(high) AS high, sum(low) AS low FROM (
        SELECT area, sum(inside) AS inside, sum(high) AS high, sum(low) AS low FROM voltage_day GROUP BY area
        UNION ALL SELECT area, count(*) FILTER (v BETWEEN 15400 AND 26400), count(*) FILTER (v > 23540 AND v <= 26400), count(*) FILTER (v >= 15400 AND v < lower) FROM voltage_part GROUP BY area
        ${['ua', 'ub', 'uc'].map((name) => `UNION ALL SELECT area, count(*) FILTER (${name} BETWEEN 1540000 AND 2640000), count(*) FILTER (${name} > 2354000 AND ${name} <= 2640000), count(*) FILTER (${name} >= 1540000 AND ${name} < 2046000) FROM gateway GROUP BY area`).join(' ')}
      ) GROUP BY area`,
    // ── load curve of the area: gateway, or the sum of the users; gaps; rates. Currents stay in 10^-4 A, so that equal ratios are equal numbers
    `CREATE TEMP TABLE area_day AS SELECT area, day::SMALLINT AS day, connection, ct, coalesce((SELECT arg_max(kva, coalesce(from_day, -1)) FROM rated AS r WHERE r.area = a.area AND coalesce(r.from_day, 0) <= day AND day < coalesce(r.to_day, ${days})), CASE WHEN a.area NOT IN (SELECT area FROM rated) THEN rated_kva END) AS rated_kva
      FROM area AS a JOIN (SELECT area, ct FROM meter WHERE role = 'GATEWAY') USING (area) CROSS JOIN range(${days}) AS d(day)`,
    `CREATE TEMP TABLE gateway_day AS SELECT area, day FROM gateway JOIN area_day USING (area, day) WHERE rated_kva IS NULL OR abs(p) * ct <= 2 * rated_kva * 10000 GROUP BY area, day HAVING count(p) >= 72`,
    `CREATE TEMP TABLE sum_point AS
      SELECT s.area, s.day, unnest(range(96))::SMALLINT AS k, unnest([${list((name) => `CASE WHEN s.n_${name} * 10 >= members * 9 AND s.n_${name} > 0 THEN s.${name}::DOUBLE * members / s.n_${name} / 1000 END`)}]) AS kw
      FROM (SELECT area, day, ${list((name) => `sum(${name}) AS ${name}, count(${name}) AS n_${name}`)} FROM active_day SEMI JOIN (SELECT area, day FROM area_day ANTI JOIN gateway_day USING (area, day)) USING (area, day) GROUP BY area, day) AS s JOIN member_day USING (area, day)`,
    `CREATE TEMP TABLE raw_load AS
      SELECT area, day, k, rated_kva, connection, CASE WHEN rated_kva IS NULL OR abs(p) * ct <= 2 * rated_kva * 10000 THEN p * ct / 10000.0 END AS p, CASE WHEN rated_kva IS NULL OR abs(q) * ct <= 2 * rated_kva * 10000 THEN q * ct / 10000.0 END AS q,
        ia * ct AS ia, ib * ct AS ib, ic * ct AS ic, ua / 10000.0 AS ua, ub / 10000.0 AS ub, uc / 10000.0 AS uc
      FROM gateway JOIN area_day USING (area, day) SEMI JOIN gateway_day USING (area, day)
      UNION ALL
      SELECT d.area, d.day, r.k, rated_kva, connection, s.kw, NULL, g.ia * ct, g.ib * ct, g.ic * ct, g.ua / 10000.0, g.ub / 10000.0, g.uc / 10000.0
      FROM (SELECT * FROM area_day ANTI JOIN gateway_day USING (area, day)) AS d CROSS JOIN (SELECT unnest(range(96))::SMALLINT AS k) AS r LEFT JOIN sum_point AS s ON s.area = d.area AND s.day = d.day AND s.k = r.k LEFT JOIN gateway AS g ON g.area = d.area AND g.day = d.day AND g.k = r.k`,
    `CREATE TEMP TABLE filled_load AS SELECT area, day, day::INTEGER * 96 + k AS t, rated_kva, connection, ua, ub, uc, p IS NULL AS p_filled, q IS NULL AS q_filled, ia IS NULL AS ia_filled, ib IS NULL AS ib_filled, ic IS NULL AS ic_filled,
        ${['p', 'q', 'ia', 'ib', 'ic'].map((name) => `${filled(name)} AS ${name}`).join(', ')} FROM raw_load WINDOW day_order AS (PARTITION BY area, day ORDER BY k)`,
    `CREATE TEMP TABLE load AS SELECT *, p_filled OR (q_filled AND q IS NOT NULL) AS pq_filled, s / rated_kva * 100 AS rate, CASE WHEN most >= rated_kva * 2000 / (sqrt(3) * 0.4) AND most > 0 THEN (1 - least_i / most) * 100 END AS imbalance FROM (
        SELECT *, CASE WHEN q IS NULL THEN abs(p) / 0.95 ELSE sqrt(p * p + q * q) END AS s, CASE WHEN ia IS NOT NULL AND ib IS NOT NULL AND ic IS NOT NULL THEN greatest(ia, ib, ic) END AS most, CASE WHEN ia IS NOT NULL AND ib IS NOT NULL AND ic IS NOT NULL THEN least(ia, ib, ic) END AS least_i FROM filled_load)`,
    runs('heavy', 'rate >= 80 - 1e-9', 8),
    runs('overload', 'rate >= 100 - 1e-9', 8),
    runs('unbalanced', "imbalance > CASE WHEN connection = 'Yyn0' THEN 15 ELSE 25 END + 1e-9", 8),
    ...['heavy', 'overload', 'unbalanced'].map((name) => `CREATE TEMP TABLE ${name}_days AS SELECT DISTINCT area, day FROM (SELECT area, unnest(range(span.a, span.b + 1)) AS day FROM (SELECT area, unnest(spans) AS span FROM ${name}))`),
    `CREATE TEMP TABLE day_figures AS SELECT area, day, max(p) AS most, min(p) AS least, count(p) AS valid, sum(greatest(p, 0)) AS positive FROM load GROUP BY area, day`,
    `CREATE TEMP TABLE energy AS SELECT area, sum(kwh) AS kwh, count(kwh) AS days FROM (
        SELECT d.area, coalesce(CASE WHEN b.ef >= a.ef THEN (b.ef - a.ef) * ct / 100.0 WHEN a.ef >= 90000000 AND b.ef <= 10000000 THEN (b.ef + 100000000 - a.ef) * ct / 100.0 END, CASE WHEN valid >= 87 THEN positive * 0.25 * 96 / valid END) AS kwh
        FROM day_figures AS d JOIN (SELECT area, ct FROM meter WHERE role = 'GATEWAY') USING (area) LEFT JOIN register AS a ON a.area = d.area AND a.day = d.day LEFT JOIN register AS b ON b.area = d.area AND b.day = d.day + 1) GROUP BY area`,
    `CREATE TEMP TABLE committed AS SELECT area, sum(kva) AS kva, ${['A', 'B', 'C'].map((phase) => `sum(CASE WHEN contains(phases, '${phase}') THEN kva / length(phases) ELSE 0 END) AS ${phase.toLowerCase()}`).join(', ')}
      FROM (SELECT area, coalesce(nullif(phases, ''), 'ABC') AS phases, kva * CASE category WHEN 'RES' THEN 0.4 WHEN 'COM' THEN 0.7 WHEN 'IND' THEN 0.8 WHEN 'EV' THEN 0.8 WHEN 'AGR' THEN 0.6 ELSE 1 END AS kva FROM application WHERE status IN ('ACCEPTED', 'SURVEYED', 'PLAN_REPLIED', 'IN_WORK', 'ACCEPTANCE') AND kva > 0) GROUP BY area`,
    resultStatement(days),
  ]
}

function resultStatement(days: number): string {
  const phase = (name: string): string => `max(CASE WHEN ${`u${name}`} BETWEEN 154 AND 264 THEN u${name} ELSE 220 END * i${name} / 1e7) FILTER (NOT i${name}_filled AND i${name} IS NOT NULL AND (p IS NULL OR (NOT p_filled AND p > 0))) AS load_${name}`
  const room = (name: string): string => `greatest(0, 0.8 * last_kva / 3 - load_${name} - coalesce(c.${name}, 0))`
  const count = (name: string, as: string): string => `coalesce(${name}.points, 0) * 0.25 AS ${as}_hours, coalesce(${name}.longest, 0) * 0.25 AS ${as}_longest_h, coalesce(${name}.n, 0) AS ${as}_runs`
  return `CREATE OR REPLACE TABLE result AS
    WITH m AS (SELECT area, max(p) FILTER (p > 0 AND NOT p_filled) AS kw, arg_max(t, (p, -t)) FILTER (p > 0 AND NOT p_filled) AS kw_t, max(rate) FILTER (NOT pq_filled) AS rate, arg_max(t, (rate, -t)) FILTER (NOT pq_filled AND rate IS NOT NULL) AS rate_t, avg(rate) AS mean_rate,
        avg(greatest(p, 0)) FILTER (p IS NOT NULL) AS mean_p, max(s) FILTER (p > 0 AND NOT pq_filled) AS most_s, sum(p) FILTER (p > 0 AND q IS NOT NULL) AS sp, sum(abs(q)) FILTER (p > 0 AND q IS NOT NULL) AS sq,
        max(imbalance) FILTER (NOT ia_filled AND NOT ib_filled AND NOT ic_filled) AS imbalance, arg_max(t, (imbalance, -t)) FILTER (NOT ia_filled AND NOT ib_filled AND NOT ic_filled AND imbalance IS NOT NULL) AS imbalance_t, ${['a', 'b', 'c'].map(phase).join(', ')} FROM load GROUP BY area),
    v AS (SELECT area, avg((most - least) / most * 100) AS mean_pct, max(most - least) AS diff, arg_max(day, (most - least, -day)) AS diff_day, count(*) AS days FROM day_figures WHERE valid >= 87 AND most > 0 GROUP BY area),
    nd AS (SELECT area, (SELECT count(*) FROM heavy_days AS h WHERE h.area = a.area AND NOT EXISTS (SELECT 1 FROM overload_days AS o WHERE o.area = h.area AND o.day = h.day)) AS heavy, (SELECT count(*) FROM overload_days AS o WHERE o.area = a.area) AS overload, (SELECT count(*) FROM unbalanced_days AS o WHERE o.area = a.area) AS unbalanced FROM area AS a),
    last AS (SELECT area, rated_kva AS last_kva FROM area_day WHERE day = ${days - 1}),
    r AS (SELECT *, ${['a', 'b', 'c'].map((name) => `${room(name)} AS room_${name}`).join(', ')}, coalesce(c.kva, 0) AS committed_kva FROM m LEFT JOIN committed AS c USING (area) JOIN last USING (area))
    SELECT area_id, round(r.kw, 2) AS i01_kw, kw_t AS i01_at, round(rate, 2) AS i02_max_pct, rate_t AS i02_at, round(mean_rate, 2) AS i02_avg_pct, round(mean_p / r.kw * 100, 2) AS i03_pct,
      round(mean_pct, 2) AS i04_mean_pct, round(diff, 2) AS i04_max_diff_kw, diff_day AS i04_max_diff_date, coalesce(v.days, 0) AS i04_days, round(e.kwh, 2) AS i05_energy_kwh, e.days AS i05_energy_days, round(e.kwh / e.days * 365 / r.kw, 2) AS i05_hours,
      nd.heavy AS i06_days, ${count('heavy', 'i06')}, nd.overload AS i07_days, ${count('overload', 'i07')}, nd.unbalanced AS i08_days, ${count('unbalanced', 'i08')}, round(imbalance, 2) AS i08_max_pct, imbalance_t AS i08_at,
      round((inside - high - low) / inside * 100, 2) AS i09_pass_pct, round(high / inside * 100, 2) AS i09_over_pct, round(low / inside * 100, 2) AS i09_under_pct, inside AS i09_points,
      (SELECT count(DISTINCT customer) FROM low_user AS l WHERE l.area = r.area) AS i10_count, (SELECT count(*) FROM over_user AS o WHERE o.area = r.area) AS i11_count, round(sp / sqrt(sp * sp + sq * sq), 4) AS i12_pf,
      round(least(1, co.kw / sum_of_max), 4) AS i13_factor, round(co.kw, 2) AS i13_coincident_kw, round(sum_of_max, 2) AS i13_sum_of_max_kw, users AS i13_users,
      round(greatest(0, 0.8 * last_kva - most_s - committed_kva), 2) AS i14_kva, round(0.8 * last_kva, 2) AS i14_allowed_kva, round(most_s, 2) AS i14_max_kva, round(committed_kva, 2) AS i14_committed_kva, round(room_a, 2) AS i15_a, round(room_b, 2) AS i15_b, round(room_c, 2) AS i15_c,
      CASE WHEN room_a + 1e-9 >= greatest(room_a, room_b, room_c) THEN 'A' WHEN room_b + 1e-9 >= greatest(room_b, room_c) THEN 'B' ELSE 'C' END AS i15_recommend
    FROM r JOIN area USING (area) LEFT JOIN v USING (area) LEFT JOIN energy AS e USING (area) LEFT JOIN voltage_area USING (area) LEFT JOIN coincident AS co USING (area) LEFT JOIN user_sum USING (area) JOIN nd USING (area)
      LEFT JOIN heavy USING (area) LEFT JOIN overload USING (area) LEFT JOIN unbalanced USING (area)`
}
