package station.curve;

/** Energy of an area-day from the forward registers of its gateway meters (docs/domain.md, indicators, step 3 and I05). */
final class RegisterEnergy {
  private static final long ROLLOVER = 100_000_000L;
  private static final long OLD_AT_LEAST = 90_000_000L;
  private static final long NEW_AT_MOST = 10_000_000L;
  private static final long DAY_MINUTES = 1_440;

  private final AreaArchive archive;

  RegisterEnergy(AreaArchive archive) {
    this.archive = archive;
  }

  /** kWh, NaN when one register of one metering point is missing or went back. */
  double energyKwh(int day) {
    if (archive.gateway.length == 0) return Double.NaN;
    // 0.01 kWh x ratio x ratioScale
    long total = 0;
    for (Segment[] point : archive.gateway) {
      long energy = pointEnergy(point, day);
      if (energy == Period.NONE) return Double.NaN;
      total += energy;
    }
    return total / 100.0 / archive.ratioScale;
  }

  private long pointEnergy(Segment[] point, int day) {
    long start = day * DAY_MINUTES;
    long end = start + DAY_MINUTES;
    long total = 0;
    boolean fromStart = false;
    boolean toEnd = false;
    for (Segment segment : point) {
      long from = segment.fromMinute;
      long to = segment.toMinute;
      if (to <= start || from >= end || from >= to) continue;
      // a meter that was put in or taken out in this day, midnights included, has its own registers for it
      long opening = from >= start ? segment.startRegister : archive.register(segment.meterId, day);
      long closing = to <= end ? segment.stopRegister : archive.register(segment.meterId, day + 1);
      if (opening == Period.NONE || closing == Period.NONE) return Period.NONE;
      long step = closing - opening;
      if (step < 0) {
        if (opening < OLD_AT_LEAST || closing > NEW_AT_MOST) return Period.NONE;
        step += ROLLOVER;
      }
      total += step * segment.powerRatio;
      fromStart |= from <= start;
      toEnd |= to >= end;
    }
    return fromStart && toEnd ? total : Period.NONE;
  }
}
