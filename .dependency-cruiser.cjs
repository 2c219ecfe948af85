/**
 * The walls of the house. Imports run one way:
 * cli → index → reports → services, outage, capacity, simulation → jobs → engines → gateways, stores, protocols, grid, sql → records → core
 */
const floors = [
  ['core'],
  ['records'],
  ['gateways', 'stores', 'protocols', 'grid', 'sql'],
  ['engines'],
  ['jobs'],
  ['services', 'outage', 'capacity', 'simulation'],
  ['reports'],
]
/** The generic half knows no meter and no grid: it serves anybody's Flink and Spark SQL. */
const generic = ['core', 'sql', 'gateways', 'jobs']
const domain = ['records', 'grid', 'protocols', 'services', 'outage', 'capacity', 'simulation', 'reports']

const path = (rooms) => `^src/(${rooms.join('|')})/`
const upward = floors.flatMap((rooms, floor) =>
  rooms.map((room) => {
    const forbidden = floors.slice(floor).flat().filter((other) => other !== room)
    return {
      name: `room-${room}`,
      comment: `${room} may import only its own files and the floors below`,
      severity: 'error',
      from: { path: path([room]) },
      to: { path: path(forbidden) },
    }
  }),
)

module.exports = {
  forbidden: [
    ...upward,
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'generic-half', comment: 'core, sql, gateways and jobs know no meter and no grid', severity: 'error', from: { path: path(generic) }, to: { path: path(domain) } },
    { name: 'cli-uses-the-public-list', comment: 'cli imports src/index.ts only', severity: 'error', from: { path: '^cli/' }, to: { path: '^src/', pathNot: '^src/index\\.ts$' } },
    { name: 'src-knows-no-cli', severity: 'error', from: { path: '^src/' }, to: { path: '^(cli|test)/' } },
    { name: 'index-is-only-for-outsiders', severity: 'error', from: { path: '^src/' }, to: { path: '^src/index\\.ts$' } },
    { name: 'kafka-client-behind-its-store', severity: 'error', from: { path: '^(cli|src)/', pathNot: '^src/stores/kafka/' }, to: { path: 'node_modules/kafkajs' } },
    { name: 'not-to-dev', comment: 'runtime code uses runtime dependencies', severity: 'error', from: { path: '^(cli|src)/' }, to: { dependencyTypes: ['npm-dev', 'npm-no-pkg'] } },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
  },
}
