package station.outage.judge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Whom to ask about a suspect below its area. */
class AreaCallsTest {
  private static final int PHASE_B = 2;

  private final Parameters p = Parameters.parse("calls=true");
  private final AreaEvidence evidence = new AreaEvidence(Grids.phased("A", 6), p, 0);

  private String next() {
    AreaEvidence.Root root = new AreaEvidence.Root(0, PHASE_B, null, evidence.scoreOf(0, PHASE_B));
    Candidate candidate = new Candidate(Level.AREA, "A", PHASE_B, "A", "A", null, evidence, root, root.score(), false, () -> 1);
    candidate.off = 2;
    return new AreaCalls(p).inside(candidate, true).get(0);
  }

  @Test
  void onePhaseOfAnAreaIsAskedBesideItsReports() {
    List<Device> reported = List.of(Grids.off(evidence, "A-B0-M1", "A-B0", 1), Grids.off(evidence, "A-B3-M1", "A-B3", 1));
    assertEquals("A-B0-M1", next());
    evidence.change(reported.get(0), () -> reported.get(0).pingFail++);
    // its neighbour in the box, before those that reported are asked again; phases of silent meters are not known
    assertEquals("A-B0-M0", next());
    Grids.alive(evidence, "A-B0-M0", "A-B0");
    assertEquals("A-B0-M2", next());
    Grids.alive(evidence, "A-B0-M2", "A-B0");
    assertEquals("A-B3-M0", next());
  }
}
