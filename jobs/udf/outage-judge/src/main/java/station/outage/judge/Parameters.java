package station.outage.judge;

import java.util.Map;

/**
 * Everything the judge believes before it sees a report. Priors are configuration: the judge must not break when they are
 * wrong by a factor of four (docs/domain.md 3.10). Durations are milliseconds.
 */
public final class Parameters {
  private static final double WINDOWS_PER_YEAR = 365.0 * 24 * 12;

  /** Prior probability that a node of a level is the root of a fault within one window of 5 minutes. */
  public final double[] prior = new double[Level.COUNT];
  public final double[] lnPrior = new double[Level.COUNT];
  /** Share of an area's or a box's faults that take one phase only, over the three phases together. */
  public double onePhaseArea = 0.20;
  public double onePhaseBox = 0.10;
  /** Beta of the share of meters that report, by the level of the fault's root. */
  public final double[] meterA = new double[Level.COUNT];
  public final double[] meterB = new double[Level.COUNT];
  public double terminalA = 8.5;
  public double terminalB = 1.5;
  /** False OFF of a device within the window. */
  public double phi = 1e-5;
  /** Chance that a report beside a larger fault in the same area only hangs on the wrong node of the archive. */
  public double strayPhi = 0.01;
  /** So many reports of an area without a reason of its own may hang on the wrong area, beside at least so many others for each. */
  public int straysMost = 2;
  public int strayShare = 20;
  /** Meters of an area without a root that may each be a user's fault; of more, none is. */
  public int loneMost = 3;
  /** False OFF of a terminal that calls its own report abnormal. */
  public double weakTerminalPhi = 0.05;
  /** Share of a feeder's faults that its switch reports. */
  public double tripShare = 0.85;
  /** Likelihood ratio of a live device under a dark node. */
  public double epsilon = 0.01;
  public double pingFailDark = 0.95;
  public double pingFailLive = 0.05;
  public double pingOkDark = 0.02;
  public double pingOkLive = 0.95;
  /** Restarts of a concentrator that report 5 to 40 meters at once, per area and year. */
  public double burstsPerYear = 0.05;
  public int burstLeast = 5;
  public int burstMost = 40;

  /** Heartbeats of a terminal, and the share of an area's meters that show life within a minute, while an area is watched. */
  public long heartbeatMs = 300_000;
  public double aliveShare = 0.01;

  public long duplicateToleranceMs = 120_000;
  public long duplicateKeepMs = 24 * 3_600_000L;
  /** R2: shorter than this is a momentary. */
  public long momentaryMs = 60_000;
  /** A report older than this when it arrives completes records and opens nothing. */
  public long oldReportMs = 300_000;
  /** Devices' clocks are believed this far into the future. */
  public long futureToleranceMs = 5_000;
  /** Assumed age of a report whose clock cannot be believed. */
  public long assumedDelayMs = 30_000;
  /** Reports whose instants differ by no more than this may share a cause. */
  public long joinMs = 120_000;
  public long tightJoinMs = 60_000;
  /** A report from an area that reported in numbers this short a time ago belongs to that, whatever its clock says. */
  public long stragglerMs = 900_000;
  /** Reports believed at once are this old at most. */
  public long promptMs = 100_000;
  /** The slowest reports take so long: an instant may be that far back, and a cluster that began no longer ago still takes reports of its areas whose clock is wrong. */
  public long slowestReportMs = 150_000;
  /** A live sign later than the start by more than this contradicts the outage (R13). */
  public long aliveAfterMs = 30_000;
  /** A terminal lives on its battery for up to this long. */
  public long holdUpMs = 95_000;
  public int aliveVeto = 2;
  /** And at least one in so many of the reports. */
  public int aliveVetoShare = 6;
  public double terminalOffLine = 0.02;
  /** Nothing above the box is confirmed before (reclosings report ON up to 180 s after the OFF). */
  public long confirmAboveBoxMs = 200_000;
  public long confirmBoxMs = 120_000;
  /** Nor before this long after the first arrival: for devices whose clock is behind. */
  public long confirmAfterFirstMs = 165_000;
  /** The verdict falls by then with what is known. */
  public long verdictMs = 280_000;
  /** Later than this after the start nothing is confirmed any more: a verdict then counts as wrong (docs/domain.md 3.8). */
  public long latestVerdictMs = 300_000;
  /** A bound from arrivals, for starts that devices report too late. */
  public long verdictAfterFirstMs = 225_000;
  public double confirmProbability = 0.99;
  public double finalProbability = 0.95;
  /** The same where calls were made and nothing more can be asked. */
  public double finalAskedProbability = 0.92;
  public double suspectProbability = 0.5;
  /** Without a call at least this many devices must have reported. */
  public int leastReports = 2;
  public double restoredShare = 0.8;
  public long closeAfterMs = 600_000;
  /** Silent reporters of a node that make a nested fault without a call (R14). */
  public int nestedLeast = 5;
  /** Calls to a box without an answer that make one, when an area hid it. */
  public int nestedFails = 3;
  /** Calls to the boxes of a restored area at once, and ten minutes later; over all episodes the mean stays below 12 (docs/domain.md 3.10, 4). */
  public int nestedCalls = 24;
  public int nestedLastCalls = 12;
  /** The first search ends this long after the restoration: a verdict later than 300 s counts no more. */
  public long nestedVerdictMs = 275_000;
  public long nestedLastRoundMs = 90_000;
  /** A terminal reports its supply so long after it came back (docs/domain.md 3.9: 40 to 150 s). */
  public long nestedLeastDelayMs = 20_000;
  public long nestedMeanDelayMs = 95_000;
  public long nestedMostDelayMs = 200_000;
  public long longestOutageMs = 4 * 24 * 3_600_000L;
  public long plannedBeforeMs = 15 * 60_000L;
  public long plannedAfterMs = 30 * 60_000L;
  /** Planned work begins up to this long after its order does (docs/domain.md 3.9: up to 20 min). */
  public long plannedBeginsMs = 25 * 60_000L;
  public long maintenanceMs = 2 * 3_600_000L;
  public long watchMs = 600_000;

  public boolean calls = false;
  /** Instants at which calls are issued are multiples of this, so that a replay can interleave answers exactly. */
  public long callGridMs = 2_000;
  public long callTimeoutMs = 30_000;
  public int callsPerOutage = 12;
  /** With decisive calls nothing above the box is confirmed before this. */
  public long recloseMs = 60_000;
  /** The quickest report of a terminal takes about this long; a start that lies further back is a clock's error. */
  public long leastDelayMs = 15_000;
  /** A single report is settled by calls that lie apart by more than a reclosing takes (docs/domain.md 3.9: 2 to 30 s). */
  public long callSpreadMs = 35_000;
  /** Confirmed before its time only from here while there is somebody left to ask. */
  public double askingProbability = 0.998;

  private Parameters() {}

  /** The starting values of docs/domain.md 3.7. */
  public static Parameters published() {
    Parameters p = new Parameters();
    double[] perYear = {2, 0.5, 0.25, 0.3, 0.10, 0.02};
    for (int level = 0; level < Level.COUNT; level++) {
      p.setPrior(level, perYear[level] / WINDOWS_PER_YEAR);
      boolean wide = level <= Level.AREA;
      p.meterA[level] = wide ? 1.8 : 6.8;
      p.meterB[level] = wide ? 2.2 : 1.2;
    }
    return p;
  }

  /** Values estimated from training seeds of the simulator (docs/domain.md 3.10, density and mix); what the job uses. */
  public static Parameters estimated() {
    Parameters p = published();
    double[] perYear = {4.0, 2.0, 1.4, 0.19, 0.022, 0.0098};
    for (int level = 0; level < Level.COUNT; level++) p.setPrior(level, perYear[level] / WINDOWS_PER_YEAR);
    p.pingFailDark = 0.98;
    p.pingFailLive = 0.03;
    p.meterA[Level.FEEDER] = p.meterA[Level.BRANCH] = 1.2;
    p.meterB[Level.FEEDER] = p.meterB[Level.BRANCH] = 2.8;
    return p;
  }

  /** Settings as `name=value` pairs separated by semicolons, over the estimated values. Unknown names are refused. */
  public static Parameters parse(String settings) {
    Parameters p = estimated();
    if (settings == null || settings.isBlank()) return p;
    for (String pair : settings.split(";")) {
      if (pair.isBlank()) continue;
      int at = pair.indexOf('=');
      if (at < 0) throw new IllegalArgumentException("setting '" + pair + "' is not of the form name=value");
      p.set(pair.substring(0, at).trim(), pair.substring(at + 1).trim());
    }
    return p;
  }

  private static final Map<String, Integer> PRIORS =
      Map.of("priorFeeder", 0, "priorBranch", 1, "priorArea", 2, "priorLine", 3, "priorBox", 4, "priorUser", 5);

  private void set(String name, String value) {
    Integer level = PRIORS.get(name);
    if (level != null) {
      setPrior(level, Double.parseDouble(value) / WINDOWS_PER_YEAR);
      return;
    }
    if (name.equals("priorFactor")) {
      for (int each = 0; each < Level.COUNT; each++) setPrior(each, prior[each] * Double.parseDouble(value));
      return;
    }
    try {
      var field = Parameters.class.getField(name);
      Class<?> type = field.getType();
      if (type == double.class) field.setDouble(this, Double.parseDouble(value));
      else if (type == long.class) field.setLong(this, Long.parseLong(value));
      else if (type == int.class) field.setInt(this, Integer.parseInt(value));
      else if (type == boolean.class) field.setBoolean(this, Boolean.parseBoolean(value));
      else throw new IllegalArgumentException("setting '" + name + "' cannot be given");
    } catch (NoSuchFieldException | IllegalAccessException e) {
      throw new IllegalArgumentException("unknown setting '" + name + "'", e);
    }
  }

  private void setPrior(int level, double probability) {
    prior[level] = probability;
    lnPrior[level] = Math.log(probability);
  }

  /** Instant before which nothing above a box is confirmed: some time after the first arrival, but never after the verdict is due. */
  long afterFirstMs(long startMs, long firstMs) {
    return Math.min(firstMs + confirmAfterFirstMs, startMs + verdictMs);
  }

  /** Score of reports alone at a level; see {@link Scores#reports}. */
  public double meters(int level, int off, int expected) {
    return Scores.reports(meterA[level], meterB[level], off, expected, phi);
  }

  public double terminals(int off, int expected) {
    return Scores.reports(terminalA, terminalB, off, expected, phi);
  }

  public double pings(int fail, int ok) {
    return fail * Math.log(pingFailDark / pingFailLive) + ok * Math.log(pingOkDark / pingOkLive);
  }

  public double alive(int devices) {
    return devices * Math.log(epsilon);
  }
}
