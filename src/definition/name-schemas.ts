import { z } from 'zod';

export const GLUE_NAME = /^[a-z][a-z0-9_]{0,254}$/;
const FOLDER_NAME = /^[A-Za-z0-9][A-Za-z0-9._=-]*$/;
const BUCKET_NAME = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

export const glueName = z
  .string()
  .regex(GLUE_NAME, 'must be lower case letters, digits and underscores, as Glue has it');
export const folderName = z
  .string()
  .regex(FOLDER_NAME, 'must be letters, digits, ".", "-", "=" and "_", and not begin with "_" or "."');
export const bucketName = z.string().regex(BUCKET_NAME, 'must be the name of an S3 bucket, without s3://');
