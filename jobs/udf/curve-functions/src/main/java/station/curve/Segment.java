package station.curve;

import java.io.Serializable;

/**
 * One stay of a meter at a metering point. Points and days count from the start of the area's window; the meter is in force on the
 * points [fromPoint, toPoint). Multipliers are scaled by the archive's ratio scale.
 */
final class Segment implements Serializable {
  private static final long serialVersionUID = 1;

  static final int GATEWAY = -1;

  String meterId;
  /** Index of the user, or GATEWAY. */
  int user;
  /** Index of the metering point among those of its user, or among the area's gateway points in the archive's order. */
  int point;
  /** Index among the area's gateway segments. */
  int gatewayIndex;
  boolean singlePhase;
  /** 0, 1, 2 of a single-phase meter, else -1. */
  int phase;
  long powerRatio;
  long currentRatio;
  long voltageRatio;
  long fromPoint;
  long toPoint;
  /** Minutes from the start of the window, for the registers, which know no grid of points. */
  long fromMinute;
  long toMinute;
  /** 0.01 kWh, Period.NONE when not known. */
  long startRegister;
  long stopRegister;
  /** Reactive curves of this meter exist: its day is complete only with Q. */
  boolean hasReactive;

  int firstPointOf(int day) {
    return (int) Math.max(0, Math.min(PackedCurve.POINTS, fromPoint - (long) day * PackedCurve.POINTS));
  }

  int endPointOf(int day) {
    return (int) Math.max(0, Math.min(PackedCurve.POINTS, toPoint - (long) day * PackedCurve.POINTS));
  }

  boolean covers(int day) {
    return firstPointOf(day) < endPointOf(day);
  }

  long ratio(Kind kind) {
    return kind.isPower() ? powerRatio : kind.isVoltage() ? voltageRatio : currentRatio;
  }
}
