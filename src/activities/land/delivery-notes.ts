import type { Pipeline } from '../../definition/pipeline';
import { splitPartition } from '../../layout/delivery-notes';
import { pipelinePrefix } from '../../layout/object-keys';

/** A marker's or supplier's manifest's path below the pipeline's folder; undefined when the object is neither. */
export function findNotePath(pipeline: Pipeline, key: string): string | undefined {
  const prefix = pipelinePrefix(pipeline);
  if (!key.startsWith(prefix)) return undefined;
  const { path } = splitPartition(key.slice(prefix.length));
  const { marker, manifest } = pipeline.complete;
  return [marker, manifest?.name].some((name) => name?.pattern.test(path)) ? path : undefined;
}
