package station.curve;

import java.io.Serializable;

/** A value that holds on the dates [from, to), days since 1970; open ends are the extreme integers. */
public record Period(int from, int to, long value) implements Serializable {
  public static final long NONE = Long.MIN_VALUE;

  boolean contains(int day) {
    return from <= day && day < to;
  }

  /** The entry in force on a day: of several, the one that began last. NONE when there is none. */
  static long valueOn(Period[] history, int day) {
    Period found = null;
    for (Period period : history) if (period.contains(day) && (found == null || period.from >= found.from)) found = period;
    return found == null ? NONE : found.value;
  }

  static long[] byDay(Period[] history, int firstDay, int days) {
    long[] values = new long[days];
    for (int day = 0; day < days; day++) values[day] = valueOn(history, firstDay + day);
    return values;
  }
}
