"""The fifteen classes of attacks: number, name, and the one defence that each is held by."""

from __future__ import annotations

from dataclasses import dataclass

from sekisho.terms.texts import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """One class."""

    number: int
    name: str
    """For programs."""
    title: Text
    defence: Text
    """What `--prove` takes away."""


ATTACKS: tuple[Attack, ...] = (
    Attack(
        number=1,
        name="replayed-command",
        title=Text("指令の再送", "a replayed command"),
        defence=Text("セッションと通し番号の検査", "the check of session and sequence"),
    ),
    Attack(
        number=2,
        name="another-site",
        title=Text("別のサイト宛ての指令", "a command for another site"),
        defence=Text("宛先の検査", "the check of the site"),
    ),
    Attack(
        number=3,
        name="stale-or-future",
        title=Text("古い、または先の日付の指令", "a stale or future-dated command"),
        defence=Text("時刻の検査", "the check of time"),
    ),
    Attack(
        number=4,
        name="ramp-too-fast",
        title=Text("契約の範囲内で急すぎる出力変化", "within contract, but too fast"),
        defence=Text("出力変化速度の上限", "the ramps"),
    ),
    Attack(
        number=5,
        name="toggling",
        title=Text("充放電の繰り返し切替え", "charge and discharge in turn"),
        defence=Text("影響の上限(予算)", "the harm budget"),
    ),
    Attack(
        number=6,
        name="stolen-token",
        title=Text(
            "署名鍵のない、盗まれたクラウドの資格情報",
            "a stolen cloud token without the signing key",
        ),
        defence=Text("署名の検査", "the check of the signature"),
    ),
    Attack(
        number=7,
        name="wrong-broker",
        title=Text("偽の証明書のブローカー", "a broker with a wrong certificate"),
        defence=Text("サイトの認証局だけを信じること", "believing the site's authority alone"),
    ),
    Attack(
        number=8,
        name="rogue-master",
        title=Text("構内の不正な Modbus マスター", "a rogue local Modbus master"),
        defence=Text("読み戻しの照合", "the comparison of what is read back"),
    ),
    Attack(
        number=9,
        name="side-channel",
        title=Text("別経路の指令に従う PCS", "a PCS that obeys a side channel"),
        defence=Text("メーターと指令の照合", "meter against command"),
    ),
    Attack(
        number=10,
        name="firmware-downgrade",
        title=Text("ファームウェアの格下げ", "a firmware downgrade"),
        defence=Text(
            "見たもの、入れたものより古い版を拒む記憶",
            "the memory of what was seen and installed before",
        ),
    ),
    Attack(
        number=11,
        name="log-tampering",
        title=Text("ジャーナルの改ざん", "tampering with the journal"),
        defence=Text("外に置いた証人", "the witness elsewhere"),
    ),
    Attack(
        number=12,
        name="loss",
        title=Text("クラウド、時刻、電源の喪失", "loss of cloud, of time, of power"),
        defence=Text("PCS のウォッチドッグ", "the PCS's watchdog"),
    ),
    Attack(
        number=13,
        name="balancing-against-curtailment",
        title=Text("出力抑制中の需給調整の指令", "a balancing command against a curtailment"),
        defence=Text("抑制の保持", "the memory of curtailments"),
    ),
    Attack(
        number=14,
        name="forged-battery",
        title=Text("電池の値を偽って遮断を誘う", "forged battery values, to force a trip"),
        defence=Text("保護動作時の変化速度の上限", "the ramp of protections"),
    ),
    Attack(
        number=15,
        name="fleet-start",
        title=Text("多数のサイトの同時起動", "a whole fleet at once"),
        defence=Text("鍵ごとの影響の上限(予算)", "the harm budget of the key"),
    ),
)
BY_NUMBER = {attack.number: attack for attack in ATTACKS}
