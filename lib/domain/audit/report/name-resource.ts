import type { Resource } from '../access';
import type { ReportedResource } from './reported-access';

/** What was reached, as a row names it: `bucket/key`, an ARN or an id; empty for nothing. */
export function nameResource(resource: Resource): string {
  switch (resource.kind) {
    case 'object':
      return resource.key === undefined ? resource.bucket : `${resource.bucket}/${resource.key}`;
    case 'table':
    case 'key':
      return resource.arn;
    case 'data-set':
      return resource.revision === undefined ? resource.id : `${resource.id}/${resource.revision}`;
    case 'sftp':
      return `${resource.server}${resource.path ?? ''}`;
    case 'other':
      return resource.id;
    case 'none':
      return '';
  }
}

/** What was reached, of what a row names: buckets, data sets and servers have no `/` in their names, and paths begin with one. */
export function readResource({ kind, name }: ReportedResource): Resource {
  const slash = name.indexOf('/');
  const [first, rest] = slash < 0 ? [name] : [name.slice(0, slash), name.slice(slash + 1)];
  switch (kind) {
    case 'object':
      return { kind, bucket: first, ...(rest === undefined ? {} : { key: rest }) };
    case 'table':
    case 'key':
      return { kind, arn: name };
    case 'data-set':
      return { kind, id: first, ...(rest === undefined ? {} : { revision: rest }) };
    case 'sftp':
      return { kind, server: first, ...(rest === undefined ? {} : { path: `/${rest}` }) };
    case 'other':
      return { kind, id: name };
    case 'none':
      return { kind };
  }
}
