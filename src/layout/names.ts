/** What a pipeline may be called: the name is part of task queues, workflow IDs and object keys. */
export const PIPELINE_NAME = /^[a-z][a-z0-9-]{0,99}$/;

/** `my_table` → `my-table`: folders use hyphens where Glue names use underscores. */
export const toFolderName = (name: string): string => name.replaceAll('_', '-');

/** `my_table` → `my-table-data`: the specification's folder of a table (or database) in all areas but curated. */
export const toDataFolderName = (name: string): string => `${toFolderName(name)}-data`;
