package station.curve;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A day of 96 points as it lies in `curve_day.points`: one layout byte, then 96 little-endian values; the smallest integer means "no value".
 * Layout 1 holds int16 in the kind's unit (1 W, 1 var, 10 mA, 10 mV), layout 2 int32 in 10^-4 of kW, kvar, A, V.
 */
public final class PackedCurve {
  public static final int POINTS = 96;
  public static final long MISSING = Long.MIN_VALUE;
  static final int LAYOUT_1_BYTES = 1 + 2 * POINTS;
  static final int LAYOUT_2_BYTES = 1 + 4 * POINTS;

  private static final VarHandle INT16 = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT32 = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private PackedCurve() {}

  /** Right layout byte and exactly 96 values. */
  public static boolean isWellFormed(byte[] points) {
    return points != null && (points.length == LAYOUT_1_BYTES && points[0] == 1 || points.length == LAYOUT_2_BYTES && points[0] == 2);
  }

  static short int16(byte[] points, int k) {
    return (short) INT16.get(points, 1 + 2 * k);
  }

  static int int32(byte[] points, int k) {
    return (int) INT32.get(points, 1 + 4 * k);
  }

  /** The value as packed; that of a missing point is the layout's smallest. */
  static int raw(byte[] points, int k) {
    return points[0] == 1 ? int16(points, k) : int32(points, k);
  }

  static boolean isMissing(byte[] points, int k) {
    return raw(points, k) == (points[0] == 1 ? Short.MIN_VALUE : Integer.MIN_VALUE);
  }

  /** How many 10^-4 of kW, A or V one step of layout 1 is: P and Q 10, currents and voltages 100. */
  public static int stepOf(Kind kind) {
    return kind.isPower() ? 10 : 100;
  }

  /** The points [from, to) times `multiplier`, in 10^-4 of the kind's unit, into `out`; points without a value stay as they are there. */
  static void decode(byte[] points, Kind kind, long multiplier, int from, int to, long[] out) {
    if (points[0] == 1) {
      long factor = multiplier * stepOf(kind);
      for (int k = from; k < to; k++) {
        short raw = int16(points, k);
        if (raw != Short.MIN_VALUE) out[k] = raw * factor;
      }
    } else {
      for (int k = from; k < to; k++) {
        int raw = int32(points, k);
        if (raw != Integer.MIN_VALUE) out[k] = raw * multiplier;
      }
    }
  }

  /** Largest distance of a value from zero as packed, 0 when there is none. */
  static int largestMagnitude(byte[] points) {
    int largest = 0;
    if (points[0] == 1) {
      for (int k = 0; k < POINTS; k++) {
        int raw = int16(points, k);
        largest = Math.max(largest, raw == Short.MIN_VALUE ? 0 : Math.abs(raw));
      }
    } else {
      for (int k = 0; k < POINTS; k++) {
        int raw = int32(points, k);
        largest = Math.max(largest, raw == Integer.MIN_VALUE ? 0 : Math.abs(raw));
      }
    }
    return largest;
  }

  /** Packs values in 10^-4 units (MISSING = none): layout 1 when it holds all of them exactly, else layout 2; values beyond int32 are dropped. */
  public static byte[] pack(long[] values, Kind kind) {
    int step = stepOf(kind);
    boolean small = true;
    for (int k = 0; k < POINTS && small; k++) {
      long value = values[k];
      if (value != MISSING) small = value % step == 0 && Math.abs(value / step) <= Short.MAX_VALUE;
    }
    byte[] points = new byte[small ? LAYOUT_1_BYTES : LAYOUT_2_BYTES];
    points[0] = (byte) (small ? 1 : 2);
    for (int k = 0; k < POINTS; k++) {
      long value = values[k];
      if (small) INT16.set(points, 1 + 2 * k, value == MISSING ? Short.MIN_VALUE : (short) (value / step));
      else INT32.set(points, 1 + 4 * k, value == MISSING || Math.abs(value) > Integer.MAX_VALUE ? Integer.MIN_VALUE : (int) value);
    }
    return points;
  }

  /** All 96 values in 10^-4 of the kind's unit, MISSING where there is none. Throws IllegalArgumentException for another number of points. */
  public static long[] unpack(byte[] points, Kind kind) {
    if (!isWellFormed(points)) throw new IllegalArgumentException("a packed curve has 96 points: 193 bytes of layout 1 or 385 of layout 2, this one has " + (points == null ? 0 : points.length) + " bytes");
    long[] values = new long[POINTS];
    java.util.Arrays.fill(values, MISSING);
    decode(points, kind, 1, 0, POINTS, values);
    return values;
  }

  public static int countValid(byte[] points) {
    int valid = 0;
    for (int k = 0; k < POINTS; k++) valid += isMissing(points, k) ? 0 : 1;
    return valid;
  }
}
