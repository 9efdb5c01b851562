# Build from the repository's root: docker build --file docker/worker.Dockerfile .
FROM node:24.21.0-bookworm-slim AS build
ENV CI=true
WORKDIR /build
RUN npm install --global pnpm@12.21.0
COPY . .
RUN pnpm install --frozen-lockfile
RUN pnpm --filter @studyin/domain run build && node_modules/.bin/tsc -b apps/worker
RUN pnpm --filter @studyin/worker deploy --prod --legacy /app

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production TZ=UTC
WORKDIR /app
# Owned by root: the process can read its files and write none.
COPY --from=build /app ./
USER node
CMD ["node", "--max-semi-space-size=12", "--heap-growing-percent=50", "--no-parallel-scavenge", "dist/main.js"]
