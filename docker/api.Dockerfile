# Build from the repository's root: docker build --file docker/api.Dockerfile .
FROM node:24.21.0-bookworm-slim AS build
ENV CI=true
WORKDIR /build
RUN npm install --global pnpm@12.21.0
COPY . .
RUN pnpm install --frozen-lockfile
RUN pnpm --filter @studyin/domain run build && node_modules/.bin/tsc -b apps/api
RUN pnpm --filter @studyin/api deploy --prod --legacy /app

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production TZ=UTC
WORKDIR /app
# Owned by root: the process can read its files and write none.
COPY --from=build /app ./
USER node
ENV STUDYIN_HOST=0.0.0.0
EXPOSE 4000
CMD ["node", "--max-old-space-size=192", "--max-semi-space-size=24", "--no-parallel-scavenge", "--no-allocation-site-pretenuring", "dist/main.js"]
