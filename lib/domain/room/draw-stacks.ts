/** A stack as far as it is drawn. */
interface DrawnStack {
  readonly id: string;
  /** Ids of the stacks that are deployed before it. */
  readonly dependencies: readonly string[];
  readonly template: { readonly Resources: Readonly<Record<string, DrawnResource>> };
}

interface DrawnResource {
  readonly Type: string;
}

/** The stacks of a room, what each holds and which needs which, as a Mermaid diagram. */
export function drawStacks(stacks: readonly DrawnStack[]): string {
  const byId = new Map(stacks.map((stack) => [stack.id, stack]));
  const nodes = stacks.map(({ id, template }) => {
    const lines = [`<b>${id}</b>`, ...describeResources(Object.entries(template.Resources))];
    return `  ${nodeOf(id)}["${lines.join('<br/>')}"]`;
  });
  const edges = stacks.flatMap((stack) =>
    listNearest(stack, byId).map((before) => `  ${nodeOf(before)} --> ${nodeOf(stack.id)}`),
  );
  return ['```mermaid', 'flowchart TB', ...nodes, ...edges, '```'].join('\n');
}

const nodeOf = (id: string) => id.replaceAll(/[^A-Za-z0-9]/g, '_');

/** Without those that another of them needs too: what is left says the same. */
function listNearest({ dependencies }: DrawnStack, byId: ReadonlyMap<string, DrawnStack>): readonly string[] {
  const isBehind = (id: string) => dependencies.some((other) => other !== id && listAll(other, byId).has(id));
  return dependencies.filter((id) => byId.has(id) && !isBehind(id)).sort();
}

function listAll(id: string, byId: ReadonlyMap<string, DrawnStack>): ReadonlySet<string> {
  const nearest = byId.get(id)?.dependencies ?? [];
  return new Set(nearest.flatMap((each) => [each, ...listAll(each, byId)]));
}

function describeResources(resources: readonly (readonly [id: string, resource: DrawnResource])[]): readonly string[] {
  return SHOWN.flatMap(({ type, one, many, isNamed }) => {
    const found = resources.filter(([, { Type }]) => Type === type);
    if (found.length === 0) return [];
    if (!isNamed) return [`${found.length} ${found.length === 1 ? one : many}`];
    return [`${found.length === 1 ? one : many}: ${found.map(nameOf).sort().join(', ')}`];
  });
}

/** As its construct is called: without the checksum that ends a logical id. */
function nameOf([id]: readonly [id: string, resource: DrawnResource]): string {
  return id.replace(/[0-9A-F]{8}$/, '');
}

/** What a reader looks for; roles, policies, logs, permissions and alarms stand beside nearly everything. */
const SHOWN = [
  { type: 'AWS::KMS::Key', one: 'key', many: 'keys', isNamed: false },
  { type: 'AWS::S3::Bucket', one: 'bucket', many: 'buckets', isNamed: true },
  { type: 'AWS::CloudTrail::Trail', one: 'trail', many: 'trails', isNamed: false },
  { type: 'AWS::SNS::Topic', one: 'topic', many: 'topics', isNamed: true },
  { type: 'AWS::DynamoDB::Table', one: 'table', many: 'tables', isNamed: true },
  { type: 'AWS::Events::EventBus', one: 'event bus and archive', many: 'event buses', isNamed: false },
  { type: 'AWS::Lambda::Function', one: 'function', many: 'functions', isNamed: true },
  { type: 'AWS::ApiGatewayV2::Api', one: 'HTTP API', many: 'HTTP APIs', isNamed: false },
  { type: 'AWS::Transfer::Server', one: 'SFTP server', many: 'SFTP servers', isNamed: false },
  { type: 'AWS::StepFunctions::StateMachine', one: 'workflow', many: 'workflows', isNamed: false },
  { type: 'AWS::Glue::Job', one: 'Glue job', many: 'Glue jobs', isNamed: true },
  { type: 'AWS::Glue::Database', one: 'database', many: 'databases', isNamed: false },
  { type: 'AWS::Glue::Table', one: 'catalogue table', many: 'catalogue tables', isNamed: false },
  { type: 'AWS::Glue::DataQualityRuleset', one: 'data-quality ruleset', many: 'data-quality rulesets', isNamed: false },
  { type: 'AWS::LakeFormation::Resource', one: 'registered location', many: 'registered locations', isNamed: false },
  { type: 'Custom::DataLakeSettings', one: 'data lake settings', many: 'data lake settings', isNamed: false },
  { type: 'AWS::LakeFormation::Tag', one: 'LF-Tag', many: 'LF-Tags', isNamed: false },
  { type: 'AWS::LakeFormation::DataCellsFilter', one: 'data cells filter', many: 'data cells filters', isNamed: false },
  { type: 'AWS::DataExchange::DataSet', one: 'data set', many: 'data sets', isNamed: false },
  { type: 'AWS::Athena::WorkGroup', one: 'Athena workgroup', many: 'Athena workgroups', isNamed: false },
  { type: 'AWS::Scheduler::Schedule', one: 'schedule', many: 'schedules', isNamed: true },
  { type: 'AWS::CloudWatch::Dashboard', one: 'dashboard', many: 'dashboards', isNamed: false },
  { type: 'Custom::AgreementRecord', one: 'agreement on record', many: 'agreements on record', isNamed: false },
] as const;
