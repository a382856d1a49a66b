"""One particle where a message offers two."""

import pytest

from kis.platform.messages.particles import with_particles


class TestWithParticles:
    @pytest.mark.parametrize(
        ("given", "written"),
        [
            ("HDS 70 140 20은(는) 여유가", "HDS 70 140 20은 여유가"),  # 이십
            ("IP44이(가) 요구", "IP44가 요구"),  # 사
            ("IP66이(가) 요구", "IP66이 요구"),  # 육
            ("상 불평형 0.03은(는)", "상 불평형 0.03은"),  # 삼
            ("회로 12을(를)", "회로 12를"),  # 이
            ("MC-22와(과) TM1과(와)", "MC-22와 TM1과"),
            ("HDS (L)은(는)", "HDS (L)은"),  # 엘
            ("상도전기은(는)", "상도전기는"),
            ("분전반을(를)", "분전반을"),
            ("서울(으)로 부산(으)로 여기(으)로 20A(으)로 1(으)로", "서울로 부산으로 여기로 20A로 1로"),
            ("36 mm이(가) 30%을(를)", "36 mm가 30%를"),  # 밀리미터, 퍼센트
            ("조건 (으)로 끝", "조건 (으)로 끝"),  # no word before it
        ],
    )
    def test_follow_the_sound_of_the_word_before(self, given: str, written: str) -> None:
        assert with_particles(given) == written
