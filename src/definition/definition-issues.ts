import type { z } from 'zod';
import { DefinitionError } from '../errors';

function describeIssue(issue: z.core.$ZodIssue): string {
  const path = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    const keys = issue.keys.map((key) => `"${key}"`).join(', ');
    return `${path === '' ? 'the pipeline' : path} has ${keys}, which Landfall does not know`;
  }
  if (issue.code === 'invalid_key') {
    return `${path} ${issue.issues[0]?.message ?? 'is not a name that can be used'}`;
  }
  return `${path} ${issue.message}`;
}

/** All that is wrong with a definition in one error, in the order it is written. */
export function formatDefinitionIssues(
  definition: unknown,
  issues: readonly z.core.$ZodIssue[],
): DefinitionError {
  const name = (definition as { name?: unknown } | undefined)?.name;
  return new DefinitionError({
    happened: `The pipeline ${typeof name === 'string' ? `"${name}" ` : ''}cannot be used: ${issues.map(describeIssue).join('; ')}.`,
    next: 'Correct the definition; every key is described in the README under "Pipelines are code".',
  });
}
