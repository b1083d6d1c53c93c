// Template tests without validation and bundling run in a quarter of a second instead of five; both are on in `cdk synth`.
process.env.CDK_VALIDATION = 'false';
process.env.CDK_CONTEXT_JSON = JSON.stringify({ 'aws:cdk:bundling-stacks': [] });
