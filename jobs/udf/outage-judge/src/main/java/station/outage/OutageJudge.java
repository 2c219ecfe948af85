package station.outage;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.flink.table.annotation.ArgumentHint;
import org.apache.flink.table.annotation.ArgumentTrait;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.annotation.StateHint;
import org.apache.flink.table.api.dataview.MapView;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.ProcessTableFunction;
import org.apache.flink.types.Row;
import station.outage.judge.DecodedCache;
import station.outage.judge.Event;
import station.outage.judge.FeederJudge;
import station.outage.judge.Output;
import station.outage.judge.OutageRow;
import station.outage.judge.Parameters;
import station.outage.judge.Store;

/**
 * The judge as a process table function, keyed by feeder: events and topology in, decisions out. Column `kind` tells SQL where
 * a row goes: OUTAGE, CALL, WATCH, HINT, COUNTER. State is a small header value and two lazy maps of blobs in the
 * judge's own versioned encoding, because the engine refuses to evolve structured state.
 *
 * <p>Columns of `events`, by position: feeder, kind, device kind, device, area, line, box, phase, occurred, ended, normal, row time.
 * Columns of `topology`: feeder, record (JSON, null = removed), row time.
 */
@DataTypeHint(
    "ROW<kind STRING, outage_id STRING, version INT, state STRING, node_id STRING, node_level STRING, phase STRING, area_id STRING,"
        + " start_at_ms BIGINT, confirmed_at_ms BIGINT, restored_at_ms BIGINT, affected_users INT, probability DOUBLE,"
        + " off_count INT, expected_count INT, alive_count INT, terminal_off BOOLEAN, ping_count INT,"
        + " decided_at_ms BIGINT, topology_version BIGINT, call_id STRING, device_id STRING, until_ms BIGINT, detail STRING, amount BIGINT>")
public class OutageJudge extends ProcessTableFunction<Row> {
  /** Global job parameter with settings of the judge, see {@link Parameters#parse}. */
  public static final String SETTINGS = "station.outage.settings";

  private static final String DUE = "due";
  private static final int COLUMNS = 25;

  public static class Header {
    public byte[] bytes;
    public Long timerMs;
  }

  private transient Parameters parameters;
  private transient DecodedCache cache;
  private transient Event event;

  @Override
  public void open(FunctionContext context) {
    parameters = Parameters.parse(context.getJobParameter(SETTINGS, ""));
    cache = new DecodedCache();
    event = new Event();
  }

  public void eval(
      Context context,
      @StateHint Header header,
      @StateHint(ttl = "10 days") MapView<String, byte[]> episodes,
      @StateHint MapView<String, byte[]> slices,
      @ArgumentHint({ArgumentTrait.SET_SEMANTIC_TABLE, ArgumentTrait.REQUIRE_ON_TIME}) Row events,
      @ArgumentHint({ArgumentTrait.SET_SEMANTIC_TABLE, ArgumentTrait.REQUIRE_ON_TIME}) Row topology) {
    TimeContext<Long> time = context.timeContext(Long.class);
    long at = time.time();
    if (topology != null) {
      String feederId = topology.getFieldAs(0);
      String record = topology.getFieldAs(1);
      FeederJudge judge = judge(feederId, header, episodes, slices);
      judge.topology(record, at);
      wake(time, header, judge);
      return;
    }
    String feederId = events.getFieldAs(0);
    read(events, at);
    FeederJudge judge = judge(feederId, header, episodes, slices);
    judge.event(event);
    wake(time, header, judge);
  }

  public void onTimer(OnTimerContext context, Header header, MapView<String, byte[]> episodes, MapView<String, byte[]> slices) {
    TimeContext<Long> time = context.timeContext(Long.class);
    long at = time.time();
    header.timerMs = null;
    FeederJudge judge = judge(FeederJudge.feederOf(header.bytes), header, episodes, slices);
    judge.time(at);
    wake(time, header, judge);
  }

  private FeederJudge judge(String feederId, Header header, MapView<String, byte[]> episodes, MapView<String, byte[]> slices) {
    return new FeederJudge(feederId, new FlinkStore(header, episodes, slices), cache, parameters, new Rows());
  }

  /** One timer per feeder, moved only when the judge's next deadline moved. */
  private void wake(TimeContext<Long> time, Header header, FeederJudge judge) {
    long due = judge.dueMs();
    long registered = header.timerMs == null ? Long.MAX_VALUE : header.timerMs;
    if (due != registered) {
      if (due == Long.MAX_VALUE) {
        time.clearTimer(DUE);
        header.timerMs = null;
      } else {
        time.registerOnTime(DUE, due);
        header.timerMs = due;
      }
    }
  }

  private void read(Row row, long at) {
    event.kind = Event.kindOf(row.getFieldAs(1));
    event.deviceKind = Event.deviceKindOf(row.getFieldAs(2));
    event.deviceId = row.getFieldAs(3);
    event.areaId = row.getFieldAs(4);
    event.lineId = row.getFieldAs(5);
    event.boxId = row.getFieldAs(6);
    event.phase = Event.phaseOf(row.getFieldAs(7));
    Long occurred = row.getFieldAs(8);
    Long ended = row.getFieldAs(9);
    Boolean normal = row.getFieldAs(10);
    event.occurredMs = occurred == null ? Event.NONE : occurred;
    event.endedMs = ended == null ? Event.NONE : ended;
    event.normal = normal == null ? -1 : normal ? 1 : 0;
    event.receivedMs = at;
  }

  /** Decisions as rows of this function. */
  private final class Rows implements Output {
    @Override
    public void outage(OutageRow o) {
      Row row = new Row(COLUMNS);
      row.setField(0, "OUTAGE");
      row.setField(1, o.outageId());
      row.setField(2, o.version());
      row.setField(3, o.state());
      row.setField(4, o.nodeId());
      row.setField(5, o.level());
      row.setField(6, o.phase());
      row.setField(7, o.areaId());
      row.setField(8, o.startAtMs());
      row.setField(9, orNull(o.confirmedAtMs()));
      row.setField(10, orNull(o.restoredAtMs()));
      row.setField(11, o.affectedUsers());
      row.setField(12, o.probability());
      row.setField(13, o.off());
      row.setField(14, o.expected());
      row.setField(15, o.alive());
      row.setField(16, o.terminalOff());
      row.setField(17, o.pings());
      row.setField(18, o.decidedAtMs());
      row.setField(19, o.topologyVersion());
      collect(row);
    }

    @Override
    public void call(String callId, String deviceId, String outageId, long askedAtMs) {
      Row row = new Row(COLUMNS);
      row.setField(0, "CALL");
      row.setField(1, outageId);
      row.setField(18, askedAtMs);
      row.setField(20, callId);
      row.setField(21, deviceId);
      collect(row);
    }

    @Override
    public void watch(String areaId, long untilMs, long decidedAtMs) {
      Row row = new Row(COLUMNS);
      row.setField(0, "WATCH");
      row.setField(7, areaId);
      row.setField(18, decidedAtMs);
      row.setField(22, untilMs);
      collect(row);
    }

    @Override
    public void hint(String kind, String deviceId, String archiveNodeId, String proposedNodeId, String outageId, int weight, long decidedAtMs) {
      Row row = new Row(COLUMNS);
      row.setField(0, "HINT");
      row.setField(1, outageId);
      row.setField(3, kind);
      row.setField(4, archiveNodeId);
      row.setField(18, decidedAtMs);
      row.setField(21, deviceId);
      row.setField(23, proposedNodeId);
      row.setField(24, (long) weight);
      collect(row);
    }

    @Override
    public void counter(String name, long value, long decidedAtMs) {
      Row row = new Row(COLUMNS);
      row.setField(0, "COUNTER");
      row.setField(18, decidedAtMs);
      row.setField(23, name);
      row.setField(24, value);
      collect(row);
    }

    private Long orNull(long ms) {
      return ms == 0 ? null : ms;
    }
  }

  /** The judge's store over the engine's state. Only what is asked for is read. */
  private record FlinkStore(Header value, MapView<String, byte[]> episodes, MapView<String, byte[]> slices) implements Store {
    @Override
    public byte[] header() {
      return value.bytes;
    }

    @Override
    public void header(byte[] bytes) {
      value.bytes = bytes;
    }

    @Override
    public byte[] get(String key) {
      return get(episodes, key);
    }

    @Override
    public void put(String key, byte[] bytes) {
      put(episodes, key, bytes);
    }

    @Override
    public void remove(String key) {
      remove(episodes, key);
    }

    @Override
    public byte[] topology(String key) {
      return get(slices, key);
    }

    @Override
    public void putTopology(String key, byte[] bytes) {
      put(slices, key, bytes);
    }

    @Override
    public void removeTopology(String key) {
      remove(slices, key);
    }

    @Override
    public Collection<String> topologyKeys() {
      List<String> keys = new ArrayList<>();
      try {
        for (String key : slices.keys()) keys.add(key);
      } catch (Exception e) {
        throw new IllegalStateException("state of the topology cannot be read", e);
      }
      return keys;
    }

    private static byte[] get(MapView<String, byte[]> view, String key) {
      try {
        return view.get(key);
      } catch (Exception e) {
        throw new IllegalStateException("state " + key + " cannot be read", e);
      }
    }

    private static void put(MapView<String, byte[]> view, String key, byte[] bytes) {
      try {
        view.put(key, bytes);
      } catch (Exception e) {
        throw new IllegalStateException("state " + key + " cannot be written", e);
      }
    }

    private static void remove(MapView<String, byte[]> view, String key) {
      try {
        view.remove(key);
      } catch (Exception e) {
        throw new IllegalStateException("state " + key + " cannot be removed", e);
      }
    }
  }
}
