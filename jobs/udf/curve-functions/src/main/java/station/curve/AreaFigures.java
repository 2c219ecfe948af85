package station.curve;

import java.util.ArrayList;
import java.util.List;

/** What is known about an area after one pass over its curves: the quantities from which SQL makes the 15 indicators. Real units, nothing rounded. */
public final class AreaFigures {
  public static final double NOTHING = Double.NaN;
  public static final int NO_POINT = -1;

  public int days;
  /** Days whose load came from the gateway, from the sum of the users, from neither. */
  public int gatewayDays;
  public int sumDays;
  public int emptyDays;
  /** Points of the load curve with a value, and how many of them were filled. */
  public int loadPoints;
  public int filledPoints;

  public double maxKw = NOTHING;
  public int maxKwAt = NO_POINT;
  public double meanPositiveKw = NOTHING;
  public double maxLoadRatePct = NOTHING;
  public int maxLoadRateAt = NO_POINT;
  public double meanLoadRatePct = NOTHING;
  /** Largest S where P > 0. */
  public double maxConsumingKva = NOTHING;

  public int valleyDays;
  public double meanValleyPct = NOTHING;
  public double maxValleyKw = NOTHING;
  public int maxValleyDay = NO_POINT;

  public double energyKwh = NOTHING;
  public int energyDays;

  public int heavyDays;
  public int heavyPoints;
  public int heavyLongest;
  public int heavyRuns;
  public int overloadDays;
  public int overloadPoints;
  public int overloadLongest;
  public int overloadRuns;

  public int imbalanceDays;
  public int imbalancePoints;
  public int imbalanceLongest;
  public int imbalanceRuns;
  public double maxImbalancePct = NOTHING;
  public int maxImbalanceAt = NO_POINT;

  public long voltagePoints;
  public long voltageOver;
  public long voltageUnder;

  /** Sums over points with P > 0 and known Q. */
  public double factorKw;
  public double factorKvar;
  public int factorPoints;

  public double coincidentKw = NOTHING;
  public double sumOfMaximaKw;
  public int usersWithData;

  /** Largest U x I by phase. */
  public final double[] maxPhaseKva = {NOTHING, NOTHING, NOTHING};
  /** Rated capacity of the last day. */
  public double ratedKva = NOTHING;

  /** Curve rows taken; rows for which the archive has no use; rows not of their form; rows that came twice; user-days. */
  public long curveRows;
  public long ignoredRows;
  public long badRows;
  public long repeatedRows;
  public long userDays;

  public final List<UserFinding> users = new ArrayList<>();

  /** I10: longest run of low voltage in hours. I11: largest S / contract. */
  public record UserFinding(String indicator, String userId, double value) {}
}
