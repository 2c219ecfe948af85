package station.outage.judge;

import java.util.List;

/** Which devices to ask, and what the answers allow (R12; docs/domain.md 3.10, 4). */
final class Calls {
  private final Feeder feeder;
  private final Parameters p;

  Calls(Feeder feeder) {
    this.feeder = feeder;
    this.p = feeder.p;
  }

  /** A suspect was named: plan calls at the next instant of the grid. */
  void wanted(Wave wave, long now) {
    if (!p.calls) return;
    wave.callDueMs = Math.min(wave.callDueMs, (now / p.callGridMs + 1) * p.callGridMs);
  }

  void plan(Wave wave, List<Candidate> candidates, long at) {
    wave.callDueMs = Long.MAX_VALUE;
  }

  void answered(Wave wave, Wave.Call call, boolean ok, long now) {
    wanted(wave, now);
  }

  /** Calls have settled a candidate before reports alone may. */
  boolean decisive(Wave wave, Candidate candidate, long now) {
    return false;
  }
}
