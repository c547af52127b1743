import { findDerived } from '../../definition/find-pipeline';
import type { Pipeline } from '../../definition/pipeline';
import { declaredOtherwise, type CurationRecord } from './plan-curation';
import { planDerived, type TableDerivation } from './plan-derived';

/**
 * What `planCuration` decided for a derived table.
 * @throws DefinitionError when the pipeline's code says otherwise by now
 */
export function requireDerivation(
  { curations, derived = [] }: CurationRecord,
  pipeline: Pipeline,
  name: string,
): TableDerivation {
  const planned = derived.find(({ table }) => table === name);
  const { content } = planDerived(findDerived([pipeline], pipeline.name, name), curations);
  if (planned?.content !== content) throw declaredOtherwise(pipeline, name);
  return planned;
}
