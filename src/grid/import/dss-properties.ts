/*
  Properties of the element classes that carry a network, in OpenDSS's order: a bare word is the property after the last one, and a
  name may be cut short to any beginning (the first that fits). Lists end where neither matters to an importer any more.
*/
const transformer = [
  'phases', 'windings', 'wdg', 'bus', 'conn', 'kv', 'kva', 'tap', '%r', 'rneut', 'xneut', 'buses', 'conns', 'kvs', 'kvas', 'taps', 'xhl', 'xht', 'xlt', 'xscarray', 'thermal', 'n', 'm', 'flrise',
  'hsrise', '%loadloss', '%noloadloss', 'normhkva', 'emerghkva', 'sub', 'maxtap', 'mintap', 'numtaps', 'subname', '%imag', 'ppm_antifloat', '%rs', 'bank', 'xfmrcode', 'xrconst', 'x12', 'x13',
  'x23', 'leadlag', 'wdgcurrents', 'core', 'rdcohms', 'seasons', 'ratings', 'normamps', 'emergamps', 'faultrate', 'pctperm', 'repair', 'basefreq', 'enabled', 'like',
]

const propertiesOf: Readonly<Record<string, readonly string[]>> = {
  vsource: ['bus1', 'basekv', 'pu', 'angle', 'frequency', 'phases', 'mvasc3', 'mvasc1', 'x1r1', 'x0r0', 'isc3', 'isc1', 'r1', 'x1', 'r0', 'x0', 'scantype', 'sequence', 'bus2', 'enabled', 'like'],
  line: [
    'bus1', 'bus2', 'linecode', 'length', 'phases', 'r1', 'x1', 'r0', 'x0', 'c1', 'c0', 'rmatrix', 'xmatrix', 'cmatrix', 'switch', 'rg', 'xg', 'rho', 'geometry', 'units', 'spacing', 'wires',
    'earthmodel', 'cncables', 'tscables', 'b1', 'b0', 'seasons', 'ratings', 'linetype', 'normamps', 'emergamps', 'faultrate', 'pctperm', 'repair', 'basefreq', 'enabled', 'like',
  ],
  linecode: ['nphases', 'r1', 'x1', 'r0', 'x0', 'c1', 'c0', 'units', 'rmatrix', 'xmatrix', 'cmatrix', 'basefreq', 'normamps', 'emergamps', 'faultrate', 'pctperm', 'repair', 'kron', 'rg', 'xg', 'rho', 'neutral', 'b1', 'b0', 'seasons', 'ratings', 'linetype', 'like'],
  load: [
    'phases', 'bus1', 'kv', 'kw', 'pf', 'model', 'yearly', 'daily', 'duty', 'growth', 'conn', 'kvar', 'rneut', 'xneut', 'status', 'class', 'vminpu', 'vmaxpu', 'vminnorm', 'vminemerg', 'xfkva',
    'allocationfactor', 'kva', '%mean', '%stddev', 'cvrwatts', 'cvrvars', 'kwh', 'kwhdays', 'cfactor', 'cvrcurve', 'numcust', 'zipv', '%seriesrl', 'relweight', 'vlowpu', 'puxharm', 'xrharm',
    'spectrum', 'basefreq', 'enabled', 'like',
  ],
  transformer,
  xfmrcode: transformer.filter((name) => !['bus', 'buses', 'sub', 'subname', 'bank', 'xfmrcode', 'enabled'].includes(name)),
  reactor: ['bus1', 'bus2', 'phases', 'kvar', 'kv', 'conn', 'rmatrix', 'xmatrix', 'parallel', 'r', 'x', 'rp', 'z1', 'z2', 'z0', 'z', 'rcurve', 'lcurve', 'lmh', 'normamps', 'emergamps', 'faultrate', 'pctperm', 'repair', 'basefreq', 'enabled', 'like'],
  capacitor: ['bus1', 'bus2', 'phases', 'kvar', 'kv', 'conn', 'cmatrix', 'cuf', 'r', 'xl', 'harm', 'numsteps', 'states', 'normamps', 'emergamps', 'faultrate', 'pctperm', 'repair', 'basefreq', 'enabled', 'like'],
  swtcontrol: ['switchedobj', 'switchedterm', 'action', 'lock', 'delay', 'normal', 'state', 'reset', 'basefreq', 'enabled', 'like'],
}

/** Whether an importer looks at elements of this class. */
export function isNetworkClass(className: string): boolean {
  return Object.hasOwn(propertiesOf, className)
}

/** Full lower-case name of a property of a class; a name it does not know stays as it is. */
export function propertyName(className: string, written: string): string {
  const name = written.toLowerCase()
  const known = propertiesOf[className] ?? []
  return known.includes(name) ? name : (known.find((other) => other.startsWith(name)) ?? name)
}

/** The property after another one, the first after null; null when there is none that is known. */
export function propertyAfter(className: string, name: string | null): string | null {
  const known = propertiesOf[className] ?? []
  if (name === null) return known[0] ?? null
  const at = known.indexOf(name)
  return at < 0 ? null : (known[at + 1] ?? null)
}
