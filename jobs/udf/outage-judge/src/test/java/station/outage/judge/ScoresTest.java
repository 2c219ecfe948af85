package station.outage.judge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The table of docs/domain.md 3.7, to two decimals, with its own starting values. */
class ScoresTest {
  private final Parameters p = Parameters.published();

  @Test
  void aBoxOfSixWithFiveReportsIsTheBoxWhenTheTerminalLives() {
    AreaShape shape = Grids.area("T", 10, 6);
    AreaEvidence evidence = new AreaEvidence(shape, p, 0);
    for (int i = 0; i < 5; i++) Grids.off(evidence, "M" + i, "T-B0");
    Grids.terminalAlive(evidence);
    assertEquals(40.66, evidence.scoreOf(shape.find("T-B0"), 0), 0.005);
    assertEquals(20.14, evidence.scoreOf(0, 0), 0.005);
    assertEquals(-20.62, 5 * (p.lnPrior[Level.USER] + p.meters(Level.USER, 1, 1)), 0.005);
    assertEquals(1, evidence.roots().size());
    assertEquals(shape.find("T-B0"), evidence.roots().get(0).node());
  }

  @Test
  void tenBoxesHalfSilentWithTheTerminalOffAreTheArea() {
    AreaShape shape = Grids.area("T", 10, 6);
    AreaEvidence evidence = new AreaEvidence(shape, p, 0);
    for (int box = 0; box < 10; box++) {
      for (int i = 0; i < (box % 2 == 0 ? 3 : 2); i++) Grids.off(evidence, "M" + box + "-" + i, "T-B" + box);
    }
    Grids.terminalOff(evidence);
    assertEquals(88.00, evidence.below(0), 0.005);
    assertEquals(244.03, evidence.scoreOf(0, 0), 0.005);
    assertEquals(0, evidence.roots().get(0).node());
  }

  @Test
  void twoOfSixAreABoxThatMustBeAskedAbout() {
    AreaShape shape = Grids.area("T", 10, 6);
    AreaEvidence evidence = new AreaEvidence(shape, p, 0);
    Grids.off(evidence, "M0", "T-B0");
    Grids.off(evidence, "M1", "T-B0");
    int box = shape.find("T-B0");
    assertEquals(2.67, evidence.scoreOf(box, 0), 0.005);
    assertEquals(0.935, Scores.posterior(evidence.scoreOf(box, 0)), 0.0005);
  }

  @Test
  void oneMeterAloneIsNothingUntilACallFails() {
    AreaShape shape = Grids.area("T", 10, 6);
    AreaEvidence evidence = new AreaEvidence(shape, p, 0);
    Device meter = Grids.off(evidence, "M0", "T-B0");
    assertEquals(-4.12, p.lnPrior[Level.USER] + p.meters(Level.USER, 1, 1), 0.005);
    assertTrue(evidence.roots().isEmpty());
    evidence.change(meter, () -> meter.pingFail = 2);
    assertEquals(AreaEvidence.LONE, evidence.roots().get(0).variant());
    assertEquals("M0", evidence.roots().get(0).deviceId());
  }

  @Test
  void twoLiveDevicesForbidTheNodeAboveThem() {
    AreaShape shape = Grids.area("T", 10, 6);
    AreaEvidence evidence = new AreaEvidence(shape, p, 0);
    for (int i = 0; i < 5; i++) Grids.off(evidence, "M" + i, "T-B0");
    for (int i = 0; i < 5; i++) Grids.off(evidence, "N" + i, "T-B1");
    Grids.alive(evidence, "X", "T-B0");
    Grids.alive(evidence, "Y", "T-B0");
    assertEquals(Double.NEGATIVE_INFINITY, evidence.scoreOf(shape.find("T-B0"), 0));
    assertEquals(shape.find("T-B1"), evidence.roots().get(0).node());
    assertEquals(1, evidence.roots().size());
  }

  @Test
  void onePhaseOfAnAreaIsNamedWithItsPhaseWhileTheTerminalLives() {
    AreaShape shape = Grids.phased("T", 12);
    AreaEvidence evidence = new AreaEvidence(shape, p, 0);
    for (int box = 0; box < 10; box++) Grids.off(evidence, "B" + box, "T-B" + box, 1);
    Grids.terminalAlive(evidence);
    AreaEvidence.Root root = evidence.roots().get(0);
    assertEquals(0, root.node());
    assertEquals(2, root.variant());
  }

  @Test
  void aScatteredBatchOfFalseReportsIsBetterExplainedByARestartOfTheConcentrator() {
    AreaShape shape = Grids.area("T", 40, 2);
    AreaEvidence evidence = new AreaEvidence(shape, p, 0);
    for (int i = 0; i < 12; i++) Grids.off(evidence, "M" + i, "T-B" + (i * 3));
    Grids.off(evidence, "M99", "T-B0");
    Grids.terminalAlive(evidence);
    assertTrue(evidence.burstScore() > evidence.areaValue());
    for (AreaEvidence.Root root : evidence.roots()) assertTrue(evidence.margin(root, 0) < 0);
  }

  @Test
  void lnGammaAgreesWithFactorials() {
    double factorial = 1;
    for (int n = 1; n < 30; n++) {
      assertEquals(Math.log(factorial), Scores.lnGamma(n), 1e-10 * Math.max(1, Math.log(factorial)));
      factorial *= n;
    }
    assertEquals(Math.log(Math.sqrt(Math.PI)), Scores.lnGamma(0.5), 1e-12);
  }

  @Test
  void reportsSoFarForgiveSilenceThatMayStillEnd() {
    assertTrue(Scores.reportsSoFar(6.8, 1.2, 2, 6, 1e-5, 0.3) > Scores.reports(6.8, 1.2, 2, 6, 1e-5));
    assertEquals(Scores.reports(6.8, 1.2, 2, 6, 1e-5), Scores.reportsSoFar(6.8, 1.2, 2, 6, 1e-5, 1), 1e-12);
  }
}
