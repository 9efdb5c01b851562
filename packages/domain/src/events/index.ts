export {
  eventCatalogue,
  eventTypes,
  isEventType,
  type EventIdentity,
  type EventInput,
  type EventInputOf,
  type EventType,
  type PropertiesOf,
} from './catalogue.ts';
export { cutIp, isIpAddress } from './client-address.ts';
export { deviceTypeOf, deviceTypes, type DeviceType } from './device-type.ts';
export {
  deterministicUuid,
  earliestEventMs,
  eventIdFor,
  eventTimeMs,
  isEventTime,
  isUuidV7,
  latestEventMs,
  newEventId,
} from './event-id.ts';
export { createNameSearch, type NameClaims } from './own-names.ts';
export {
  parseEvent,
  type JsonObject,
  type JsonValue,
  type ParsedEvent,
  type ParseEventResult,
  type RefusedEvent,
} from './parse-event.ts';
export { isContactText, isGroupName, isPersonalKey, isPersonalText } from './pii-guard.ts';
export { rejectReasons, type RejectReason } from './reject-reason.ts';
export { storedSessionId } from './session-id.ts';
export { isPlainObject, isShortText, isStorableText, type NameSearch } from './text-rules.ts';
export { isTimezone } from './timezone.ts';
