"""The bodies about assistants: no wider than the vendor's specification.

A property that the specification has and nobody here reads is `Unmodelled`: refused, and
honestly so. The enumerations are the members that a receptionist may need.
"""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Discriminator, Field, Tag

from ava_setup.sandbox.vapi.body import ABSENT, Body, Unmodelled, member_by
from ava_setup.sandbox.vapi.common import Name, Number, Said, Server, sound


class EndCallTool(Body):
    """Lets the assistant hang up."""

    type: Literal["endCall"]
    messages: Unmodelled = ABSENT
    rejection_plan: Unmodelled = ABSENT


class Message(Body):
    """A message of the prompt."""

    role: Literal["assistant", "function", "user", "system", "tool"]
    content: str


class OpenAIModel(Body):
    """Who thinks. `systemPrompt` is taken and ignored (contract: vapi.md, Assistants)."""

    provider: Literal["openai"]
    model: Literal[
        "gpt-5.5",
        "gpt-5.4",
        "gpt-5.4-mini",
        "gpt-5.4-nano",
        "gpt-5.2",
        "gpt-5.1",
        "gpt-5",
        "gpt-5-mini",
        "gpt-5-nano",
        "gpt-4.1",
        "gpt-4.1-mini",
        "gpt-4.1-nano",
        "gpt-4o",
        "gpt-4o-mini",
    ]
    messages: list[Message] = ABSENT
    tools: list[EndCallTool] = ABSENT
    temperature: Annotated[Number, Field(ge=0, le=2)] = ABSENT
    max_tokens: Annotated[Number, Field(ge=50, le=10000)] = ABSENT
    emotion_recognition_enabled: bool = ABSENT
    num_fast_turns: Annotated[Number, Field(ge=0)] = ABSENT
    system_prompt: str = ABSENT
    tool_ids: Unmodelled = ABSENT
    tool_refs: Unmodelled = ABSENT
    knowledge_base: Unmodelled = ABSENT
    fallback_models: Unmodelled = ABSENT
    tool_strict_compatibility_mode: Unmodelled = ABSENT
    prompt_cache_retention: Unmodelled = ABSENT
    prompt_cache_key: Unmodelled = ABSENT
    reasoning_effort: Unmodelled = ABSENT


class VapiVoice(Body):
    """One of the vendor's own voices, as they are today (contract: vapi.md, Assistants)."""

    provider: Literal["vapi"]
    voice_id: Literal[
        "Elliot",
        "Savannah",
        "Emma",
        "Clara",
        "Nico",
        "Kai",
        "Sagar",
        "Godfrey",
        "Neil",
        "Layla",
        "Sid",
        "Naina",
    ]
    version: Literal["1", "2", "latest"] = ABSENT
    language: Literal["fr", "fr-FR", "fr-CA", "en", "en-US", "en-GB", "en-CA", "en-AU", "auto"] = (
        ABSENT
    )
    speed: Annotated[Number, Field(ge=0.25, le=2)] = ABSENT
    caching_enabled: bool = ABSENT
    pronunciation_dictionary: Unmodelled = ABSENT
    chunk_plan: Unmodelled = ABSENT


class AzureVoice(Body):
    """One of Azure's voices, by its full name."""

    provider: Literal["azure"]
    voice_id: Annotated[str, Field(pattern=r"^[a-z]{2}-[A-Z]{2}-\w+Neural$")]
    speed: Annotated[Number, Field(ge=0.5, le=2)] = ABSENT
    caching_enabled: bool = ABSENT
    chunk_plan: Unmodelled = ABSENT
    fallback_plan: Unmodelled = ABSENT


class ElevenLabsVoice(Body):
    """A voice of ElevenLabs: only the presets can be reached from the sandbox."""

    provider: Literal["11labs"]
    voice_id: str
    model: Literal["eleven_multilingual_v2", "eleven_turbo_v2_5", "eleven_flash_v2_5"] = ABSENT
    stability: Annotated[Number, Field(ge=0, le=1)] = ABSENT
    similarity_boost: Annotated[Number, Field(ge=0, le=1)] = ABSENT
    speed: Annotated[Number, Field(ge=0.7, le=1.2)] = ABSENT
    language: str = ABSENT
    caching_enabled: bool = ABSENT
    style: Unmodelled = ABSENT
    use_speaker_boost: Unmodelled = ABSENT
    optimize_streaming_latency: Unmodelled = ABSENT
    enable_ssml_parsing: Unmodelled = ABSENT
    auto_mode: Unmodelled = ABSENT
    chunk_plan: Unmodelled = ABSENT
    pronunciation_dictionary_locators: Unmodelled = ABSENT
    fallback_plan: Unmodelled = ABSENT


Voice = Annotated[
    Annotated[VapiVoice, Tag("=vapi")]
    | Annotated[AzureVoice, Tag("=azure")]
    | Annotated[ElevenLabsVoice, Tag("=11labs")],
    Discriminator(member_by("provider")),
]


class DeepgramTranscriber(Body):
    """Who listens."""

    provider: Literal["deepgram"]
    model: Literal[
        "nova-3",
        "nova-3-general",
        "nova-3-medical",
        "nova-2",
        "nova-2-general",
        "nova-2-phonecall",
        "flux-general-en",
        "flux-general-multi",
    ] = ABSENT
    language: Literal["en", "en-US", "en-GB", "en-AU", "fr", "fr-CA", "multi"] = ABSENT
    languages: list[str] = ABSENT
    smart_format: bool = ABSENT
    numerals: bool = ABSENT
    profanity_filter: bool = ABSENT
    mip_opt_out: bool = ABSENT
    confidence_threshold: Annotated[Number, Field(ge=0, le=1)] = ABSENT
    eot_threshold: Annotated[Number, Field(ge=0.5, le=0.9)] = ABSENT
    eot_timeout_ms: Annotated[Number, Field(ge=500, le=10000)] = ABSENT
    endpointing: Annotated[Number, Field(ge=10, le=500)] = ABSENT
    keyterm: list[str] = ABSENT
    redaction: Unmodelled = ABSENT
    keywords: Unmodelled = ABSENT
    fallback_plan: Unmodelled = ABSENT


class TranscriptPlan(Body):
    """How the transcript is written."""

    enabled: bool = ABSENT
    assistant_name: str = ABSENT
    user_name: str = ABSENT


class ArtifactPlan(Body):
    """What is kept of a call; recording is on unless this says no."""

    recording_enabled: bool = ABSENT
    recording_format: Literal["wav;l16", "mp3"] = ABSENT
    video_recording_enabled: bool = ABSENT
    full_message_history_enabled: bool = ABSENT
    pcap_enabled: bool = ABSENT
    logging_enabled: bool = ABSENT
    transcript_plan: TranscriptPlan = ABSENT
    recording_use_custom_storage_enabled: Unmodelled = ABSENT
    pcap_s3_path_prefix: Unmodelled = ABSENT
    pcap_use_custom_storage_enabled: Unmodelled = ABSENT
    logging_use_custom_storage_enabled: Unmodelled = ABSENT
    recording_path: Unmodelled = ABSENT
    structured_output_ids: Unmodelled = ABSENT
    structured_outputs: Unmodelled = ABSENT
    scorecard_ids: Unmodelled = ABSENT
    scorecards: Unmodelled = ABSENT
    logging_path: Unmodelled = ABSENT


class SummaryPlan(Body):
    """Whether and how a call is summed up."""

    enabled: bool = ABSENT
    timeout_seconds: Annotated[Number, Field(ge=1, le=60)] = ABSENT
    messages: list[dict[str, Any]] = ABSENT


class AnalysisPlan(Body):
    """What is worked out after a call."""

    min_messages_threshold: Annotated[Number, Field(ge=0)] = ABSENT
    summary_plan: SummaryPlan = ABSENT
    structured_data_plan: Unmodelled = ABSENT
    structured_data_multi_plan: Unmodelled = ABSENT
    success_evaluation_plan: Unmodelled = ABSENT
    outcome_ids: Unmodelled = ABSENT


class StartSpeakingPlan(Body):
    """When the assistant begins to speak."""

    wait_seconds: Annotated[Number, Field(ge=0, le=5)] = ABSENT
    smart_endpointing_enabled: Unmodelled = ABSENT
    smart_endpointing_plan: Unmodelled = ABSENT
    custom_endpointing_rules: Unmodelled = ABSENT
    transcription_endpointing_plan: Unmodelled = ABSENT


class StopSpeakingPlan(Body):
    """When the assistant lets itself be interrupted."""

    num_words: Annotated[Number, Field(ge=0, le=10)] = ABSENT
    voice_seconds: Annotated[Number, Field(ge=0, le=0.5)] = ABSENT
    backoff_seconds: Annotated[Number, Field(ge=0, le=10)] = ABSENT
    acknowledgement_phrases: Unmodelled = ABSENT
    interruption_phrases: Unmodelled = ABSENT


class Assistant(Body):
    """The body of `POST /assistant` and of `PATCH /assistant/{id}`; nothing is required."""

    name: Name = ABSENT
    model: OpenAIModel = ABSENT
    voice: Voice = ABSENT
    transcriber: DeepgramTranscriber = ABSENT
    first_message: str = ABSENT
    first_message_interruptions_enabled: bool = ABSENT
    first_message_mode: Literal[
        "assistant-speaks-first",
        "assistant-speaks-first-with-model-generated-message",
        "assistant-waits-for-user",
    ] = ABSENT
    voicemail_message: Said = ABSENT
    voicemail_detection: Literal["off"] = ABSENT
    end_call_message: Said = ABSENT
    end_call_phrases: list[Annotated[str, Field(min_length=2, max_length=140)]] = ABSENT
    max_duration_seconds: Annotated[Number, Field(ge=10, le=43200)] = ABSENT
    background_sound: Annotated[str, AfterValidator(sound)] = ABSENT
    model_output_in_messages_enabled: bool = ABSENT
    metadata: dict[str, Any] = ABSENT
    server: Server = ABSENT
    artifact_plan: ArtifactPlan = ABSENT
    analysis_plan: AnalysisPlan = ABSENT
    start_speaking_plan: StartSpeakingPlan = ABSENT
    stop_speaking_plan: StopSpeakingPlan = ABSENT
    client_messages: Unmodelled = ABSENT
    server_messages: Unmodelled = ABSENT
    transport_configurations: Unmodelled = ABSENT
    observability_plan: Unmodelled = ABSENT
    credentials: Unmodelled = ABSENT
    credential_ids: Unmodelled = ABSENT
    hooks: Unmodelled = ABSENT
    compliance_plan: Unmodelled = ABSENT
    background_speech_denoising_plan: Unmodelled = ABSENT
    monitor_plan: Unmodelled = ABSENT
    keypad_input_plan: Unmodelled = ABSENT
