# The image of a Landfall worker. Base images are pinned by version tag, not by digest: none could be looked up where
# this was written; a build that must be the same for ever should add the digest of its own registry's copy.
#
#   docker build --build-arg IMAGE_TAG="$(git describe --tags --always)" --tag landfall-example .
#
# For pipelines of your own, build the target "framework" once, and begin your Dockerfile with it:
#
#   docker build --target framework --tag landfall:0.1.0 .
#
#   FROM landfall:0.1.0
#   ARG IMAGE_TAG
#   RUN test -n "$IMAGE_TAG"
#   ENV IMAGE_TAG=$IMAGE_TAG
#   COPY pipelines/ pipelines/
#   CMD ["worker", "pipelines/court-cases.ts"]

FROM node:24.21.0-bookworm-slim AS base
WORKDIR /app
COPY package.json package-lock.json ./

FROM base AS build
RUN npm ci --no-audit --no-fund
COPY tsconfig.json ./
COPY scripts/build.mjs scripts/
COPY assembly/ assembly/
COPY src/ src/
RUN node scripts/build.mjs

FROM base AS dependencies
RUN npm ci --omit=dev --no-audit --no-fund

FROM node:24.21.0-bookworm-slim AS framework
ENV NODE_ENV=production
WORKDIR /app
COPY package.json ./
COPY bin/ bin/
COPY --from=dependencies /app/node_modules/ node_modules/
COPY --from=build /app/dist/ dist/
# By number ("node"), so that Kubernetes can see that it is not root. All of /app is root's: the worker cannot change it.
USER 1000:1000
# Node is process 1 and hears it itself: it takes no more work, and ends what it is doing or hands it back.
STOPSIGNAL SIGTERM
# No HEALTHCHECK: a worker has no port, ends by itself when it cannot work, and Temporal answers for all replicas at once.
ENTRYPOINT ["node", "bin/landfall.js"]
CMD ["worker", "--help"]

# IMAGE_TAG is not set before here, so that an image that forgets its own does not carry Landfall's: such a worker
# refuses to start.
FROM framework AS worker
ARG IMAGE_TAG
RUN test -n "$IMAGE_TAG" || { echo 'IMAGE_TAG is missing: --build-arg IMAGE_TAG=<the git tag>; every processed row carries it.' >&2; exit 1; }
ENV IMAGE_TAG=$IMAGE_TAG
COPY examples/united-states/ pipelines/united-states/
CMD ["worker", "pipelines/united-states/pipeline.ts"]
