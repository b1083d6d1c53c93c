/** When these were AWS's list prices, for us-east-1, in US dollars, before tax, free tier and discounts. */
export const PRICED_IN = 'June 2025';
export const PRICED_REGION = 'us-east-1';

/** Each with the page that it is from. A month has 730 hours. */
export const PRICES = {
  /** https://aws.amazon.com/kms/pricing/ */
  kms: { keyMonth: 1, perRequest: 0.03 / 10_000 },
  /** https://aws.amazon.com/aws-transfer-family/pricing/ */
  transfer: { serverHour: 0.3, perGb: 0.04 },
  /** https://aws.amazon.com/cloudtrail/pricing/; the first copy of management events is free. */
  cloudTrail: { perDataEvent: 0.1 / 100_000 },
  /** https://aws.amazon.com/s3/pricing/, S3 Standard */
  s3: { gbMonth: 0.023, perWrite: 0.005 / 1000, perRead: 0.0004 / 1000 },
  /** https://aws.amazon.com/glue/pricing/ */
  glue: { dpuHour: 0.44, flexDpuHour: 0.29 },
  /** https://aws.amazon.com/step-functions/pricing/, standard workflows */
  stepFunctions: { perTransition: 0.025 / 1000 },
  /** https://aws.amazon.com/dynamodb/pricing/on-demand/ */
  dynamoDb: { perWrite: 0.625 / 1e6, perRead: 0.125 / 1e6 },
  /** https://aws.amazon.com/cloudwatch/pricing/ */
  cloudWatch: { alarmMonth: 0.1, dashboardMonth: 3, logGb: 0.5 },
  /** https://aws.amazon.com/athena/pricing/ */
  athena: { perScannedGb: 5 / 1000 },
  /** https://aws.amazon.com/eventbridge/pricing/, events of one's own; those of AWS services are free. */
  eventBridge: { perEvent: 1 / 1e6 },
  /** https://aws.amazon.com/lambda/pricing/ */
  lambda: { perCall: 0.2 / 1e6, perGbSecond: 0.0000166667 },
} as const;
