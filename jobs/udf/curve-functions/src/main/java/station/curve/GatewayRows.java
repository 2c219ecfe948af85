package station.curve;

import java.io.Serializable;
import java.util.Arrays;

/** The rows of an area's gateway meters as they came, kept until the area is complete. */
final class GatewayRows implements Serializable {
  private static final long serialVersionUID = 2;

  private final KeptCurves kept;
  /** By gateway segment and kind, then day. */
  private final int[][] rows;

  GatewayRows(AreaArchive archive, KeptCurves kept) {
    this.kept = kept;
    rows = new int[archive.gatewaySegments * Kind.COUNT][];
  }

  /** False when the row was there already. */
  boolean accept(Segment segment, Kind kind, int day, int days, byte[] points) {
    int index = segment.gatewayIndex * Kind.COUNT + kind.ordinal();
    if (rows[index] == null) rows[index] = new int[days];
    if (rows[index][day] != KeptCurves.NONE) return false;
    rows[index][day] = kept.keep(points);
    return true;
  }

  private byte[] row(Segment segment, Kind kind, int day) {
    int[] series = rows[segment.gatewayIndex * Kind.COUNT + kind.ordinal()];
    return series == null || series[day] == KeptCurves.NONE ? null : kept.get(series[day]);
  }

  void merge(GatewayRows other) {
    for (int i = 0; i < rows.length; i++) {
      int[] theirs = other.rows[i];
      if (theirs == null) continue;
      if (rows[i] == null) rows[i] = new int[theirs.length];
      for (int day = 0; day < theirs.length; day++) {
        if (rows[i][day] == KeptCurves.NONE && theirs[day] != KeptCurves.NONE) rows[i][day] = kept.keep(other.kept.get(theirs[day]));
      }
    }
  }

  /** Values of one metering point on a day: each point from the meter in force, MISSING where there is none. */
  void pointValues(Segment[] point, Kind kind, int day, long[] out) {
    Arrays.fill(out, PackedCurve.MISSING);
    for (Segment segment : point) {
      byte[] row = row(segment, kind, day);
      if (row == null || !segment.covers(day)) continue;
      PackedCurve.decode(row, kind, segment.ratio(kind), segment.firstPointOf(day), segment.endPointOf(day), out);
    }
  }

  /** Sum over all gateway metering points of the archive, a point valid only when all are. `scratch` holds a day. */
  void sum(AreaArchive archive, Kind kind, int day, long[] out, long[] scratch) {
    if (archive.gateway.length == 0) {
      Arrays.fill(out, PackedCurve.MISSING);
      return;
    }
    pointValues(archive.gateway[0], kind, day, out);
    for (int point = 1; point < archive.gateway.length; point++) {
      pointValues(archive.gateway[point], kind, day, scratch);
      for (int k = 0; k < PackedCurve.POINTS; k++) out[k] = out[k] == PackedCurve.MISSING || scratch[k] == PackedCurve.MISSING ? PackedCurve.MISSING : out[k] + scratch[k];
    }
  }
}
